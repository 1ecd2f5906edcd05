"""A fixed fault that comes back: found by the ancestry of the build it was seen on, and reopened with its evidence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from foundation.journal.models import Entry
from foundation.kit import clock
from frontline_feedback.actions import accept_ticket, give_verdict, merge_ticket, report_ticket
from frontline_feedback.models import Ticket
from releases.models import Release
from rnd.engineering.actions import link_ticket
from rnd.engineering.models import Task
from rnd.loop.models import Regression
from tests.loop.conftest import Way

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], None]


@pytest.fixture
def fixed(way: Way, done: tuple[Ticket, Task], drain: Drain) -> tuple[Ticket, Release]:
    """A ticket that its team has found fixed in 2.0."""
    ticket, _task = done
    release = way.world.published("2.0")
    way.install(release)
    drain()
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=release, outcome="fixed")
    drain()
    return ticket, release


def again(way: Way, version: str) -> Ticket:
    return report_ticket(
        actor=way.cast.actor("stepan"),
        team=way.cast.east,
        title="Height jumps again",
        platform=way.cast.platform,
        component=way.cast.autopilot,
        version_text=version,
        severity="S1",
        seen_at=clock.now(),
    )


def test_a_duplicate_seen_on_a_build_with_the_fix_reopens_the_ticket_with_its_evidence(
    way: Way, fixed: tuple[Ticket, Release], drain: Drain
) -> None:
    ticket, _release = fixed
    # A lower number, and yet it descends from the fix.
    lower = way.world.published("1.9")
    report = again(way, "v1.9")
    merge_ticket(actor=way.cast.actor("ingrid"), ticket=report, canonical=ticket)
    drain()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome, ticket.pass_number) == ("received", "", 2)
    found = Regression.objects.get()
    assert (found.ticket, found.report, found.release) == (ticket, report, lower)
    assert "is in 1.9" in found.evidence
    entry = Entry.objects.get(kind="ticket.regression_found")
    assert report.key in str(entry.payload.sentence())
    drain()
    assert Regression.objects.count() == 1


def test_a_report_that_was_known_before_the_verdict_is_no_regression_however_late_it_is_looked_at(
    way: Way, done: tuple[Ticket, Task], drain: Drain
) -> None:
    ticket, _task = done
    release = way.world.published("2.0")
    way.install(release)
    drain()
    merge_ticket(actor=way.cast.actor("ingrid"), ticket=again(way, "2.0"), canonical=ticket)
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=release, outcome="fixed")
    drain()
    ticket.refresh_from_db()
    assert ticket.outcome == "fixed"
    assert not Regression.objects.exists()


def test_a_duplicate_from_an_older_or_other_line_says_nothing_about_the_fix(
    way: Way, fixed: tuple[Ticket, Release], drain: Drain
) -> None:
    ticket, _release = fixed
    way.world.box.branch("old", "v1.0")
    # A higher number, and yet without the fix.
    way.world.published("3.0")
    for version in ("3.0", "1.0", "no idea"):
        merge_ticket(actor=way.cast.actor("ingrid"), ticket=again(way, version), canonical=ticket)
    drain()
    ticket.refresh_from_db()
    assert ticket.outcome == "fixed"
    assert not Regression.objects.exists()


def test_a_release_that_took_the_fix_back_is_no_regression(
    way: Way, fixed: tuple[Ticket, Release], drain: Drain
) -> None:
    ticket, _release = fixed
    sha = way.world.box.git("log", "--format=%H", "--grep=Reject steps", "-1")
    way.world.box.commit(f'Revert "Reject steps"\n\nThis reverts commit {sha}.')
    way.world.published("2.1")
    merge_ticket(actor=way.cast.actor("ingrid"), ticket=again(way, "2.1"), canonical=ticket)
    drain()
    assert not Regression.objects.exists(), "it is not there, so it cannot have failed"


def test_a_report_linked_to_the_work_that_fixed_an_earlier_ticket_counts_as_well(
    way: Way, fixed: tuple[Ticket, Release], done: tuple[Ticket, Task], drain: Drain
) -> None:
    ticket, _release = fixed
    report = accept_ticket(actor=way.cast.actor("ingrid"), ticket=again(way, "2.0"))
    link_ticket(actor=way.cast.actor("magnus"), task=done[1], ticket=report)
    drain()
    assert Regression.objects.get().ticket == ticket
