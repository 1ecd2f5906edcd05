"""Reporting: one report makes one ticket, and what cannot be right is refused with a sentence."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from foundation.kit import clock
from foundation.kit.errors import Conflict, DomainError, Forbidden, Invalid
from frontline_feedback.actions import reclassify_ticket
from frontline_feedback.classification import Reclassification
from frontline_feedback.models import Ticket
from tests.cast import Cast
from tests.frontline_feedback.world import SEEN, entries, release, report

pytestmark = pytest.mark.django_db


def test_a_report_becomes_a_ticket_in_triage(cast: Cast) -> None:
    ticket = report(cast, hardware=cast.rev_a, body="Drifts left.", conditions="Wind 8 m/s", language="uk")
    assert ticket.key == f"FB-{ticket.pk}"
    assert ticket.get_absolute_url() == f"/FB-{ticket.pk}"
    assert (ticket.state, ticket.outcome, ticket.pass_number) == ("received", "", 1)
    assert (ticket.programme, ticket.team, ticket.reporter_id) == (cast.programme, cast.north, cast.olena.pk)
    assert (ticket.seen_at, ticket.language) == (SEEN, "uk")
    [entry] = entries(ticket)
    assert (entry.kind, entry.team_id, entry.actor_id) == ("ticket.received", cast.north.pk, cast.olena.pk)
    assert entry.data == {
        "key": ticket.key,
        "programme_id": cast.programme.pk,
        "team_id": cast.north.pk,
        "platform_id": cast.platform.pk,
        "component_id": cast.autopilot.pk,
        "hardware_id": cast.rev_a.pk,
        "severity": "S2",
        "seen_at": "2026-03-01T08:30:00Z",
        "release_id": None,
    }


def test_sending_it_twice_makes_one_ticket(cast: Cast) -> None:
    uuid = uuid4()
    first = report(cast, client_uuid=uuid)
    assert report(cast, client_uuid=uuid, title="  Loses position after take-off ") == first
    assert len(entries(first)) == 1


def test_sending_it_again_after_triage_corrected_it_still_gives_the_same_ticket(cast: Cast) -> None:
    uuid = uuid4()
    first = report(cast, client_uuid=uuid)
    reclassify_ticket(
        actor=cast.actor("ingrid"), ticket=first, change=Reclassification(component=cast.radio, severity="S1")
    )
    assert report(cast, client_uuid=uuid) == first


@pytest.mark.parametrize(
    "other", [{"title": "Another"}, {"severity": "S1"}, {"seen_at": SEEN + timedelta(seconds=1)}, {"body": "More."}]
)
def test_the_same_uuid_with_another_content_is_refused(cast: Cast, other: dict[str, Any]) -> None:
    uuid = uuid4()
    report(cast, client_uuid=uuid)
    with pytest.raises(Conflict) as refused:
        report(cast, client_uuid=uuid, **other)
    assert (refused.value.code, refused.value.field) == ("ticket.uuid_reused", "client_uuid")
    assert Ticket.objects.count() == 1


def test_the_release_is_recognised_by_its_exact_version_or_tag(cast: Cast) -> None:
    shipped = release(cast.autopilot, "2.3.0")
    release(cast.radio, "2.4.0")
    assert report(cast, version_text=" 2.3.0 ").release == shipped
    assert report(cast, version_text="v2.3.0").release == shipped
    for text in ("2.3", "2.3.0-dirty", "2.4.0", ""):
        ticket = report(cast, version_text=text)
        assert (ticket.release, ticket.version_text) == (None, text)


def test_a_clock_that_is_ahead_is_kept_as_claimed_in_the_journal_only(cast: Cast) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with clock.at(now):
        ticket = report(cast, seen_at=now + timedelta(hours=2))
    assert ticket.seen_at == ticket.received_at == now
    assert entries(ticket)[0].data["seen_at"] == "2026-03-01T14:00:00Z"
    assert entries(ticket)[0].occurred_at == now


@pytest.mark.parametrize(
    ("seen_at", "code"),
    [
        (datetime(2026, 3, 2, 12, 0, 1, tzinfo=UTC), "ticket.seen_at_in_future"),
        (datetime(1999, 12, 31, tzinfo=UTC), "ticket.seen_at_too_early"),
    ],
)
def test_a_time_that_no_clock_is_wrong_by_is_refused(cast: Cast, seen_at: datetime, code: str) -> None:
    with clock.at(datetime(2026, 3, 1, 12, tzinfo=UTC)), pytest.raises(Invalid) as refused:
        report(cast, seen_at=seen_at)
    assert (refused.value.code, refused.value.field) == (code, "seen_at")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "  "}, "ticket.title_missing"),
        ({"title": "x" * 201}, "ticket.title_too_long"),
        ({"body": "x" * 20_001}, "ticket.body_too_long"),
        ({"severity": "S5"}, "ticket.severity_unknown"),
        ({"language": "de"}, "ticket.language_unknown"),
    ],
)
def test_what_cannot_be_right_is_refused(cast: Cast, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        report(cast, **changes)
    assert refused.value.code == code
    assert refused.value.message


def test_things_of_different_programmes_do_not_fit_together(cast: Cast) -> None:
    for changes, code in (
        ({"platform": cast.foreign_platform}, "ticket.platform_elsewhere"),
        ({"hardware": cast.foreign_revision}, "ticket.hardware_elsewhere"),
    ):
        with pytest.raises(Invalid) as refused:
            report(cast, **changes)
        assert refused.value.code == code


def test_a_team_reports_only_in_its_programmes(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        report(cast, who="ingrid", team=cast.west)
    assert refused.value.code == "ticket.team_elsewhere"


def test_a_triager_may_report_for_a_team(cast: Cast) -> None:
    ticket = report(cast, who="ingrid", team=cast.east)
    assert (ticket.team, ticket.reporter) == (cast.east, cast.ingrid)


@pytest.mark.parametrize("who", ["magnus", "kari", "solveig", "arne", "liv", "vira", "stepan"])
def test_nobody_else_may_report_for_north(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        report(cast, who=who, team=cast.north)
    assert not Ticket.objects.exists()
