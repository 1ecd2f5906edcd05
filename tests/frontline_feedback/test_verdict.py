"""From the offered fix over its installation to the verdict that ends the loop or starts its next pass."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden, Invalid
from frontline_feedback.actions import (
    accept_ticket,
    close_ticket,
    give_verdict,
    mark_installed,
    merge_ticket,
    offer_fix,
    reopen_ticket,
)
from frontline_feedback.models import Offer, Ticket, Verdict
from tests.cast import Cast
from tests.frontline_feedback.world import (
    accepted,
    entries,
    installed,
    kinds,
    offered,
    offered_and_installed,
    release,
    report,
)

pytestmark = pytest.mark.django_db


def now_of(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_a_fix_is_offered_once_a_pass(cast: Cast) -> None:
    ticket, shipped = accepted(cast), release(cast.autopilot, "2.3.0")
    at = datetime(2026, 3, 5, tzinfo=UTC)
    first = offer_fix(actor=SYSTEM, ticket=ticket, release=shipped, channel="pilot", offered_at=at)
    again = offer_fix(actor=SYSTEM, ticket=ticket, release=shipped, channel="fleet", offered_at=clock.now())
    assert (again, again.channel, again.pass_number) == (first, "pilot", 1)
    entry = entries(ticket)[-1]
    assert (entry.kind, entry.occurred_at, entry.actor_kind) == ("ticket.fix_offered", at, "system")
    assert entry.data == {"release_id": shipped.pk, "channel": "pilot", "version": "2.3.0"}
    assert kinds(ticket).count("ticket.fix_offered") == 1


@pytest.mark.parametrize("who", ["arne", "ingrid", "olena"])
def test_only_the_house_offers_and_marks(cast: Cast, who: str) -> None:
    ticket, shipped = accepted(cast), release(cast.autopilot, "2.3.0")
    with pytest.raises(Forbidden):
        offer_fix(actor=cast.actor(who), ticket=ticket, release=shipped, channel="lab", offered_at=clock.now())
    offered(ticket, shipped)
    installation = installed(shipped, cast.north, cast.rev_a)
    with pytest.raises(Forbidden):
        mark_installed(actor=cast.actor(who), ticket=ticket, installation=installation)


def test_nothing_is_offered_for_a_closed_ticket(cast: Cast) -> None:
    ticket = close_ticket(actor=cast.actor("ingrid"), ticket=report(cast), outcome="wont_fix", reason="Old hardware.")
    with pytest.raises(Conflict) as refused:
        offered(ticket, release(cast.autopilot, "2.3.0"))
    assert refused.value.code == "ticket.not_open"


def test_only_the_first_installation_counts(cast: Cast) -> None:
    ticket, shipped = accepted(cast), release(cast.autopilot, "2.3.0")
    offered(ticket, shipped)
    first, second = (installed(shipped, cast.north, revision) for revision in (cast.rev_a, cast.rev_b))
    for installation in (first, second, first):
        offer = mark_installed(actor=SYSTEM, ticket=ticket, installation=installation)
        assert offer is not None
        assert offer.installed_at == first.installed_at
    assert kinds(ticket).count("ticket.fix_installed") == 1
    assert entries(ticket)[-1].data == {"release_id": shipped.pk, "installation_id": first.pk}


def test_an_installation_of_something_else_marks_nothing(cast: Cast) -> None:
    ticket, shipped = accepted(cast), release(cast.autopilot, "2.3.0")
    assert mark_installed(actor=SYSTEM, ticket=ticket, installation=installed(shipped, cast.north, cast.rev_a)) is None
    offered(ticket, shipped)
    with pytest.raises(Invalid) as refused:
        mark_installed(actor=SYSTEM, ticket=ticket, installation=installed(shipped, cast.east, cast.rev_a))
    assert refused.value.code == "ticket.installation_elsewhere"
    assert Offer.objects.get().installed_at is None


def test_fixed_ends_the_loop(cast: Cast) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    verdict = give_verdict(actor=cast.actor("bohdan"), ticket=ticket, release=shipped, outcome="fixed", note=" Holds. ")
    after = now_of(ticket)
    assert (after.state, after.outcome, after.pass_number) == ("closed", "fixed", 1)
    assert (verdict.note, verdict.hardware, verdict.given_by, verdict.pass_number) == (
        "Holds.", cast.rev_a, cast.bohdan, 1,
    )  # fmt: skip
    assert entries(ticket)[-1].data == {
        "verdict_id": verdict.pk,
        "release_id": shipped.pk,
        "hardware_id": cast.rev_a.pk,
        "outcome": "fixed",
        "pass_number": 1,
    }


@pytest.mark.parametrize("outcome", ["not_fixed", "worse"])
def test_not_fixed_and_worse_start_the_next_pass(cast: Cast, outcome: str) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    verdict = give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome=outcome)
    after = now_of(ticket)
    assert (after.state, after.outcome, after.pass_number, verdict.pass_number) == ("received", "", 2, 1)
    # What was offered in the first pass is judged; the second needs a fix of its own.
    with pytest.raises(Conflict) as refused:
        give_verdict(actor=cast.actor("olena"), ticket=after, release=shipped, outcome="fixed")
    assert refused.value.code == "verdict.not_offered"
    accept_ticket(actor=cast.actor("ingrid"), ticket=after)
    second = offered_and_installed(cast, after, "2.4.0")
    give_verdict(actor=cast.actor("olena"), ticket=after, release=second, outcome="fixed")
    assert (now_of(ticket).state, now_of(ticket).pass_number) == ("closed", 2)


def test_could_not_test_leaves_everything_as_it_is(cast: Cast) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="could_not_test")
    assert (now_of(ticket).state, now_of(ticket).pass_number) == ("accepted", 1)
    give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="fixed")
    assert now_of(ticket).outcome == "fixed"


def test_a_verdict_needs_an_installation_and_says_so(cast: Cast) -> None:
    ticket, shipped = accepted(cast), release(cast.autopilot, "2.3.0")
    actor = cast.actor("olena")
    with pytest.raises(Conflict) as refused:
        give_verdict(actor=actor, ticket=ticket, release=shipped, outcome="fixed")
    assert refused.value.code == "verdict.not_offered"
    offered(ticket, shipped)
    installed(shipped, cast.east, cast.rev_a)  # another team's counts for nothing
    with pytest.raises(Conflict) as not_installed:
        give_verdict(actor=actor, ticket=ticket, release=shipped, outcome="fixed")
    assert not_installed.value.code == "verdict.not_installed"
    assert "Autopilot 2.3.0" in not_installed.value.message
    assert not Verdict.objects.exists()


def test_an_installation_of_a_later_offered_release_will_do(cast: Cast) -> None:
    ticket = accepted(cast)
    first, later = release(cast.autopilot, "2.3.0"), release(cast.autopilot, "2.3.1")
    offered(ticket, first)
    offered(ticket, later)
    installed(later, cast.north, cast.rev_b)
    verdict = give_verdict(actor=cast.actor("olena"), ticket=ticket, release=first, outcome="fixed")
    assert verdict.hardware == cast.rev_b


def test_an_installation_of_an_earlier_offered_release_will_not_do(cast: Cast) -> None:
    ticket = accepted(cast)
    first, later = release(cast.autopilot, "2.3.0"), release(cast.autopilot, "2.3.1")
    offered(ticket, first)
    offered(ticket, later)
    installed(first, cast.north, cast.rev_b)
    with pytest.raises(Conflict) as refused:
        give_verdict(actor=cast.actor("olena"), ticket=ticket, release=later, outcome="fixed")
    assert refused.value.code == "verdict.not_installed"


@pytest.mark.parametrize("who", ["stepan", "ingrid", "magnus", "kari", "solveig", "arne", "liv", "roman"])
def test_only_the_reporting_team_gives_the_verdict(cast: Cast, who: str) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    with pytest.raises(Forbidden):
        give_verdict(actor=cast.actor(who), ticket=ticket, release=shipped, outcome="fixed")


def test_a_verdict_sent_twice_is_given_once(cast: Cast) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    uuid = uuid4()
    first = give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="worse", client_uuid=uuid)
    again = give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="worse", client_uuid=uuid)
    assert again == first
    assert now_of(ticket).pass_number == 2
    with pytest.raises(Conflict) as refused:
        give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="fixed", client_uuid=uuid)
    assert refused.value.code == "verdict.uuid_reused"


def test_a_late_verdict_keeps_its_claimed_time(cast: Cast) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    now = clock.now()
    for claimed, kept in ((now - timedelta(days=2), now - timedelta(days=2)), (now + timedelta(hours=3), now)):
        with clock.at(now):
            verdict = give_verdict(
                actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="could_not_test", given_at=claimed
            )
        assert (verdict.given_at, verdict.recorded_at) == (kept, now)
        assert entries(ticket)[-1].occurred_at == claimed


def test_an_unknown_verdict_is_refused(cast: Cast) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    with pytest.raises(Invalid) as refused:
        give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="maybe")
    assert refused.value.code == "verdict.outcome_unknown"


@pytest.mark.parametrize(("outcome", "passes"), [("not_fixed", 2), ("fixed", 1)])
def test_a_merged_ticket_has_its_own_offer_and_verdict(cast: Cast, outcome: str, passes: int) -> None:
    canonical, ticket = accepted(cast), report(cast, who="stepan")
    ticket = merge_ticket(actor=cast.actor("ingrid"), ticket=ticket, canonical=canonical)
    shipped = offered_and_installed(cast, ticket)
    give_verdict(actor=cast.actor("stepan"), ticket=ticket, release=shipped, outcome=outcome)
    after = now_of(ticket)
    assert (after.state, after.outcome, after.canonical) == ("closed", "duplicate", canonical)
    assert after.pass_number == passes
    assert now_of(canonical).state == "accepted"


def test_taking_back_fixed_starts_the_next_pass(cast: Cast) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="fixed")
    with pytest.raises(Conflict) as refused:
        give_verdict(actor=cast.actor("olena"), ticket=ticket, release=shipped, outcome="not_fixed")
    assert refused.value.code == "ticket.not_open"
    after = reopen_ticket(actor=cast.actor("olena"), ticket=ticket, reason="It came back in the rain.")
    assert (after.state, after.pass_number) == ("received", 2)
