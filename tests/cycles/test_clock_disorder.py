"""The clock on orders that cannot be, and on clocks that go wrong."""

from __future__ import annotations

from rnd.cycles.clock import events as ev
from rnd.cycles.clock import wind
from rnd.cycles.clock.course import Story
from rnd.cycles.clock.stages import Stage
from tests.cycles.lives import TICKET, Life, whole_loop


def test_a_report_seen_in_the_future_starts_at_its_receipt_and_is_listed() -> None:
    way = Life(seen=99, received=10).way()
    assert (way.started_at, way.stages[Stage.TRANSIT]) == (10, None)
    assert [(m.field, m.claimed, m.effective, m.by) for m in way.moved] == [("seen_at", 99, 10, -89)]


def test_a_claim_from_the_future_counts_when_it_was_recorded_and_is_listed() -> None:
    life = Life()
    life.ticket(ev.Accepted, 500, recorded=20)
    assert life.told(now=30) == "transit 0–10, triage 10–20, queue 20–30"
    assert [(m.entry_id, m.by) for m in life.way().moved] == [(2, -480)]


def test_an_acceptance_before_the_receipt_counts_at_the_receipt_and_is_listed() -> None:
    life = Life(received=30)
    life.ticket(ev.Accepted, 5)
    assert life.told(now=40) == "transit 0–30, queue 30–40"
    assert [(m.entry_id, m.by) for m in life.way().moved] == [(2, 25)]


def test_a_verdict_before_its_installation_ends_the_loop_all_the_same() -> None:
    life = Life()
    life.ticket(ev.Accepted, 20)
    life.verdict(30, "fixed")
    life.ticket(ev.FixInstalled, 40)
    assert life.told() == "transit 0–10, triage 10–20, queue 20–30"
    assert life.way().finished_at == 30


def test_a_verdict_given_offline_days_ago_takes_its_place_when_it_arrives() -> None:
    life = whole_loop()
    life.ticket(ev.VerdictGiven, 95, recorded=500, outcome="fixed")
    assert (life.way().finished_at, life.way().moved) == (95, ())


def test_a_verdict_on_a_ticket_closed_without_one_outranks_that_closing() -> None:
    life = Life()
    life.ticket(ev.Rejected, 20)
    life.verdict(30, "fixed")
    assert (life.told(), life.way().finished_at, life.way().excluded) == ("transit 0–10, triage 10–30", 30, "")


def test_a_team_that_takes_its_verdict_back_starts_the_next_pass() -> None:
    life = whole_loop()
    life.verdict(100, "fixed")
    life.verdict(120, "worse")
    assert life.told(now=130).endswith("verify 90–120, triage 120–130")
    assert (life.way().passes, life.way().first_finish_at, life.way().finished_at) == (2, 100, None)


def test_a_second_closing_of_what_is_closed_changes_nothing() -> None:
    life = whole_loop()
    life.verdict(100, "fixed")
    life.verdict(105, "fixed")
    life.ticket(ev.Closed, 110, outcome="wont_fix")
    assert (life.way().finished_at, life.way().excluded) == (100, "")


def test_everything_at_one_instant_is_a_life_of_no_length() -> None:
    life = Life(seen=10, received=10)
    life.ticket(ev.Accepted, 10)
    life.verdict(10, "fixed")
    way = life.way()
    assert (way.segments, way.total, way.finished_at) == ((), 0, 10)
    assert set(way.stages.values()) == {None}


def test_what_was_never_received_has_no_way() -> None:
    accepted = ev.Accepted(id=1, subject=TICKET, occurred=5, recorded=5)
    assert wind(Story(frozenset({TICKET}), [accepted])) is None
    assert wind(Story(frozenset({TICKET}), [])) is None


def test_a_task_moved_before_it_was_opened_begins_with_its_opening() -> None:
    """A commit may be older than the card it is for: the push brings it in later."""
    life = Life()
    life.task(5, ev.TaskOpened, 30)
    life.task(5, ev.TaskLinked, 30, ticket=TICKET)
    life.task(5, ev.TaskMoved, 15, recorded=40, to="build")
    assert life.told(now=50) == "transit 0–10, triage 10–30, build 30–50"
    assert [(m.entry_id, m.by) for m in life.way().moved] == [(4, 15)]


def test_reopening_a_merged_ticket_takes_the_merge_back() -> None:
    life = Life()
    life.ticket(ev.Merged, 20, into=2)
    life.ticket(ev.Reopened, 40)
    assert life.told(now=50) == "transit 0–10, triage 10–20, queue 20–40, triage 40–50"
    assert (life.way().excluded, life.way().passes) == ("", 1)
