"""From the report to the verdict through every floor, with real git, and only the journal between the floors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from frontline_feedback.actions import give_verdict, merge_ticket
from frontline_feedback.models import Offer, Ticket
from releases.actions.add_repository import add_repository
from releases.actions.approve_release import approve_release
from releases.actions.fetch_repository import fetch_repository
from releases.actions.publish_release import publish_release
from releases.actions.withdraw_release import withdraw_release
from rnd.cycles.queries import loop_of
from rnd.engineering.models import Task, TaskCommit
from rnd.loop.consumers import carry_fixes
from rnd.loop.fixes import fix_in
from tests.loop.conftest import Way
from tests.releases.gitbox import GitBox

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], None]


def kinds_of(ticket: Ticket) -> list[str]:
    entries = Entry.objects.filter(subject_type="ticket", subject_id=ticket.pk).order_by("id")
    return [entry.kind.removeprefix("ticket.") for entry in entries]


def test_a_report_becomes_proven_firmware(way: Way, drain: Drain) -> None:
    ticket = way.accept(way.report())
    task = way.open_task(ticket)
    way.commit(f"Reject steps\n\nFixes: {task.key}\n")
    drain()
    task.refresh_from_db()
    assert task.stage == Task.Stage.BUILD, "its first commit started it"
    assert TaskCommit.objects.get(task=task).strength == TaskCommit.Strength.STRONG

    way.finish(task)
    release = way.world.published("1.1")
    drain()
    assert Offer.objects.get(ticket=ticket).release == release

    way.install(release)
    drain()
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=release, outcome="fixed")
    drain()

    assert kinds_of(ticket) == ["received", "accepted", "fix_offered", "fix_installed", "verdict_given"]
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("closed", "fixed")
    loop = loop_of(ticket)
    assert loop is not None
    assert sum(part.microseconds for part in loop.parts) == loop.total_us
    assert [part.stage for part in loop.parts] == [
        "transit",
        "triage",
        "queue",
        "build",
        "release",
        "install",
        "verify",
    ]


def test_a_fix_that_does_not_work_starts_a_second_pass_which_needs_new_work(
    way: Way, done: tuple[Ticket, Task], drain: Drain
) -> None:
    ticket, _task = done
    first = way.world.published("1.1")
    way.install(first)
    drain()
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=first, outcome="not_fixed")
    ticket = way.accept(Ticket.objects.get(pk=ticket.pk))
    drain()
    assert ticket.pass_number == 2
    assert not Offer.objects.filter(ticket=ticket, pass_number=2).exists(), (
        "the release that failed is not offered again"
    )

    again = way.open_task(ticket)
    way.commit(f"Reject them for real\n\nFixes: {again.key}\n")
    drain()
    way.finish(again)
    second = way.world.published("1.2")
    way.install(second)
    drain()
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=second, outcome="fixed")
    ticket.refresh_from_db()
    assert (ticket.outcome, ticket.pass_number) == ("fixed", 2)


def test_the_fix_is_offered_only_on_a_channel_that_the_team_receives(
    way: Way, done: tuple[Ticket, Task], drain: Drain
) -> None:
    release = approve_release(actor=way.cast.actor("henrik"), release=way.world.candidate("1.1"))
    for channel, offers in (("lab", 0), ("pilot", 0), ("fleet", 1)):
        publish_release(actor=way.cast.actor("kari"), release=release, channel=channel)
        drain()
        assert Offer.objects.count() == offers, channel


def test_an_open_task_holds_the_offer_back(way: Way, done: tuple[Ticket, Task], drain: Drain) -> None:
    ticket, _task = done
    other = way.open_task(ticket)
    way.commit(f"The other half\n\nFixes: {other.key}\n")
    way.world.published("1.1")
    drain()
    assert not Offer.objects.exists()
    way.finish(other)
    drain()
    assert Offer.objects.count() == 1


def test_a_duplicate_follows_the_ticket_that_it_was_merged_into_and_keeps_its_own_verdict(
    way: Way, done: tuple[Ticket, Task], drain: Drain
) -> None:
    canonical, _task = done
    way.subscribe(way.cast.east)
    duplicate = way.report(team=way.cast.east, by="stepan")
    merge_ticket(actor=way.cast.actor("ingrid"), ticket=duplicate, canonical=canonical)
    release = way.world.published("1.1")
    drain()
    assert {offer.ticket_id for offer in Offer.objects.all()} == {canonical.pk, duplicate.pk}
    way.install(release, team=way.cast.east, by="stepan")
    drain()
    give_verdict(actor=way.cast.actor("stepan"), ticket=duplicate, release=release, outcome="fixed")
    canonical.refresh_from_db()
    assert canonical.state == Ticket.State.ACCEPTED, "North has not judged yet"


def test_a_withdrawn_release_is_no_longer_offered_and_its_successor_is(
    way: Way, done: tuple[Ticket, Task], drain: Drain
) -> None:
    withdrawn = way.world.published("1.1")
    withdraw_release(actor=way.cast.actor("henrik"), release=withdrawn, reason="Restarts in flight.")
    drain()
    assert not Offer.objects.exists()
    successor = way.world.published("1.2")
    drain()
    assert [offer.release for offer in Offer.objects.all()] == [successor]


def test_whoever_installs_a_later_release_has_the_fix_as_well(
    way: Way, done: tuple[Ticket, Task], drain: Drain
) -> None:
    way.world.published("1.1")
    later = way.world.published("1.2")
    drain()
    way.install(later)
    drain()
    offers = {
        offer.release.version: offer.installed_at is not None for offer in Offer.objects.select_related("release")
    }
    assert offers == {"1.1": False, "1.2": True}


def test_hearing_everything_twice_changes_nothing(way: Way, done: tuple[Ticket, Task], drain: Drain) -> None:
    way.install(way.world.published("1.1"))
    drain()
    before = Entry.objects.count()
    for entry in Entry.objects.order_by("id"):
        if entry.kind in {"release.published", "installation.reported", "task.moved", "ticket.accepted"}:
            carry_fixes(entry)
    assert (Offer.objects.count(), Entry.objects.count()) == (1, before)


def test_is_the_fix_in_that_version_is_answered_by_ancestry_with_its_reason(way: Way, drain: Drain) -> None:
    ticket = way.accept(way.report())
    assert "No task is linked" in fix_in(ticket, way.world.release("1.0")).reason
    task = way.open_task(ticket)
    way.commit(f"Reject steps\n\nFixes: {task.key}\n")
    drain()
    release = way.world.draft("1.1")
    assert "not done" in fix_in(ticket, release).reason
    way.finish(task)
    assert fix_in(ticket, release).holds
    older = fix_in(ticket, way.world.release("1.0"))
    assert not older.holds
    assert "1.1 is the first release with it" in older.reason


def test_imported_history_is_linked_and_moves_nothing(way: Way, drain: Drain, tmp_path: Path) -> None:
    task = way.open_task(way.accept(way.report()))
    box = GitBox(tmp_path / "old")
    box.commit(f"From before\n\nFixes: {task.key}\n")
    repository = add_repository(actor=SYSTEM, component=way.cast.autopilot, url=str(box.path), name="Old firmware")
    fetch_repository(actor=SYSTEM, repository=repository)
    drain()
    task.refresh_from_db()
    assert task.commits.count() == 1
    assert task.stage == Task.Stage.QUEUE
