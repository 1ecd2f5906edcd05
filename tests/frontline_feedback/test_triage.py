"""Accepting, rejecting, closing, reclassifying and reopening."""

from collections.abc import Callable
from typing import Any

import pytest

from foundation.kit.errors import Conflict, Forbidden, Invalid
from frontline_feedback.actions import accept_ticket, close_ticket, reclassify_ticket, reject_ticket, reopen_ticket
from frontline_feedback.classification import Reclassification
from frontline_feedback.models import Ticket
from tests.cast import Cast
from tests.frontline_feedback.world import accepted, entries, kinds, release, report

pytestmark = pytest.mark.django_db
TRIAGE = ("ingrid", "kari", "solveig", "arne")
NOT_TRIAGE = ("olena", "magnus", "liv", "roman")


@pytest.mark.parametrize("who", TRIAGE)
def test_those_who_triage_accept(cast: Cast, who: str) -> None:
    ticket = accept_ticket(actor=cast.actor(who), ticket=report(cast))
    assert ticket.state == "accepted"
    assert kinds(ticket) == ["ticket.received", "ticket.accepted"]
    assert entries(ticket)[1].data == {}


@pytest.mark.parametrize("who", NOT_TRIAGE)
def test_engineers_reporters_and_strangers_do_not_triage(cast: Cast, who: str) -> None:
    ticket = report(cast)
    actor = cast.actor(who)
    with pytest.raises(Forbidden):
        accept_ticket(actor=actor, ticket=ticket)
    with pytest.raises(Forbidden):
        reject_ticket(actor=actor, ticket=ticket, reason="No")
    with pytest.raises(Forbidden):
        close_ticket(actor=actor, ticket=ticket, outcome="answered", reason="No")
    with pytest.raises(Forbidden):
        reclassify_ticket(actor=actor, ticket=ticket, change=Reclassification(severity="S1"))
    assert kinds(ticket) == ["ticket.received"]


def test_what_is_accepted_is_not_accepted_again(cast: Cast) -> None:
    ticket = accepted(cast)
    for verb in (accept_ticket, lambda **given: reject_ticket(reason="No", **given)):
        with pytest.raises(Conflict) as refused:
            verb(actor=cast.actor("ingrid"), ticket=ticket)
        assert refused.value.code == "ticket.not_in_triage"


def test_accepting_may_correct_in_the_same_step(cast: Cast) -> None:
    shipped = release(cast.radio, "1.0")
    ticket = report(cast, version_text="1.0", hardware=cast.rev_a)
    change = Reclassification(component=cast.radio, hardware=None, severity="S1")
    ticket = accept_ticket(actor=cast.actor("ingrid"), ticket=ticket, change=change)
    assert (ticket.state, ticket.component, ticket.hardware, ticket.severity) == ("accepted", cast.radio, None, "S1")
    assert ticket.release == shipped
    assert kinds(ticket) == ["ticket.received", "ticket.reclassified", "ticket.accepted"]
    assert entries(ticket)[1].data == {
        "component_id": cast.radio.pk,
        "hardware_id": None,
        "release_id": shipped.pk,
        "severity": "S1",
    }


def test_a_reclassification_says_only_what_changed(cast: Cast) -> None:
    ticket = reclassify_ticket(
        actor=cast.actor("ingrid"), ticket=report(cast), change=Reclassification(severity="S3", hardware=cast.rev_b)
    )
    assert (ticket.severity, ticket.hardware) == ("S3", cast.rev_b)
    assert entries(ticket)[1].data == {"hardware_id": cast.rev_b.pk, "severity": "S3"}
    again = Reclassification(severity="S3", component=cast.autopilot)
    reclassify_ticket(actor=cast.actor("ingrid"), ticket=ticket, change=again)
    assert len(entries(ticket)) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda cast: {"component": cast.foreign_component}, "ticket.component_elsewhere"),
        (lambda cast: {"platform": cast.foreign_platform}, "ticket.platform_elsewhere"),
        (lambda cast: {"hardware": cast.foreign_revision}, "ticket.hardware_elsewhere"),
        (lambda cast: {"severity": "urgent"}, "ticket.severity_unknown"),
    ],
)
def test_a_ticket_never_leaves_its_programme(cast: Cast, change: Any, code: str) -> None:
    ticket = report(cast)
    with pytest.raises(Invalid) as refused:
        reclassify_ticket(actor=cast.actor("ingrid"), ticket=ticket, change=Reclassification(**change(cast)))
    assert refused.value.code == code
    assert kinds(ticket) == ["ticket.received"]


def test_a_rejected_ticket_needs_a_reason(cast: Cast) -> None:
    ticket = report(cast)
    with pytest.raises(Invalid) as refused:
        reject_ticket(actor=cast.actor("ingrid"), ticket=ticket, reason=" \n")
    assert (refused.value.code, refused.value.field) == ("ticket.reason_missing", "reason")
    ticket = reject_ticket(actor=cast.actor("ingrid"), ticket=ticket, reason="Not our firmware.")
    assert (ticket.state, ticket.outcome, ticket.closed_reason) == ("closed", "rejected", "Not our firmware.")
    assert entries(ticket)[1].data == {"reason": "Not our firmware."}


@pytest.mark.parametrize("outcome", ["answered", "no_fault_found", "wont_fix"])
@pytest.mark.parametrize("make", [report, accepted])
def test_an_open_ticket_is_closed_with_an_outcome_and_a_reason(cast: Cast, make: Any, outcome: str) -> None:
    ticket = close_ticket(actor=cast.actor("ingrid"), ticket=make(cast), outcome=outcome, reason="See the manual.")
    assert (ticket.state, ticket.outcome, ticket.closed_reason) == ("closed", outcome, "See the manual.")
    assert entries(ticket)[-1].data == {"outcome": outcome, "reason": "See the manual."}


@pytest.mark.parametrize("outcome", ["fixed", "rejected", "duplicate", ""])
def test_other_outcomes_have_their_own_verbs(cast: Cast, outcome: str) -> None:
    with pytest.raises(Invalid) as refused:
        close_ticket(actor=cast.actor("ingrid"), ticket=report(cast), outcome=outcome, reason="x")
    assert refused.value.code == "ticket.outcome_unknown"


def test_what_is_closed_is_not_triaged(cast: Cast) -> None:
    ticket = reject_ticket(actor=cast.actor("ingrid"), ticket=report(cast), reason="No")
    actor = cast.actor("ingrid")
    verbs: list[Callable[[], Ticket]] = [
        lambda: accept_ticket(actor=actor, ticket=ticket),
        lambda: reject_ticket(actor=actor, ticket=ticket, reason="x"),
        lambda: close_ticket(actor=actor, ticket=ticket, outcome="answered", reason="x"),
    ]
    for verb in verbs:
        with pytest.raises(Conflict) as refused:
            verb()
        assert refused.value.code == "ticket.not_open"


@pytest.mark.parametrize("who", [*TRIAGE, "olena", "bohdan"])
def test_those_who_triage_and_the_reporting_team_reopen(cast: Cast, who: str) -> None:
    ticket = reject_ticket(actor=cast.actor("ingrid"), ticket=report(cast), reason="No")
    ticket = reopen_ticket(actor=cast.actor(who), ticket=ticket, reason="It is ours after all.")
    assert (ticket.state, ticket.outcome, ticket.closed_reason, ticket.pass_number) == ("received", "", "", 1)
    assert entries(ticket)[-1].kind == "ticket.reopened"
    assert entries(ticket)[-1].data == {"reason": "It is ours after all."}


@pytest.mark.parametrize("who", ["magnus", "stepan", "liv", "roman"])
def test_others_do_not_reopen(cast: Cast, who: str) -> None:
    ticket = reject_ticket(actor=cast.actor("ingrid"), ticket=report(cast), reason="No")
    with pytest.raises(Forbidden):
        reopen_ticket(actor=cast.actor(who), ticket=ticket, reason="Please")


def test_an_open_ticket_is_not_reopened(cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        reopen_ticket(actor=cast.actor("ingrid"), ticket=report(cast), reason="x")
    assert refused.value.code == "ticket.not_closed"


def test_reopening_needs_a_reason(cast: Cast) -> None:
    ticket = reject_ticket(actor=cast.actor("ingrid"), ticket=report(cast), reason="No")
    with pytest.raises(Invalid) as refused:
        reopen_ticket(actor=cast.actor("ingrid"), ticket=ticket, reason="")
    assert refused.value.code == "ticket.reason_missing"
    assert Ticket.objects.get().state == "closed"
