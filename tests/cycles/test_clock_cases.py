"""The clock on lives that one can follow by hand: the loop as it should be, and its passes."""

from __future__ import annotations

import pytest

from rnd.cycles.clock import events as ev
from rnd.cycles.clock import wind
from rnd.cycles.clock.course import Story
from rnd.cycles.clock.stages import Mode, Stage
from tests.cycles.lives import TICKET, Life, whole_loop


def test_a_loop_goes_through_its_nine_stages() -> None:
    life = whole_loop()
    life.verdict(100, "fixed")
    assert life.told() == (
        "transit 0–10, triage 10–20, queue 20–40, design 40–50, build 50–60, test 60–70, "
        "release 70–80, install 80–90, verify 90–100"
    )
    way = life.way()
    assert (way.total, way.finished_at, way.passes, way.rework, way.excluded) == (100, 100, 1, 0, "")


def test_an_open_ticket_is_counted_up_to_now_and_no_further() -> None:
    life = whole_loop()
    assert life.told(now=95).endswith("verify 90–95")
    way = life.way(now=95)
    assert way.running is not None
    assert (way.running.stage, way.finished_at) == (Stage.VERIFY, None)


@pytest.mark.parametrize("outcome", ["not_fixed", "worse"])
def test_a_verdict_that_it_is_not_fixed_starts_the_next_pass_in_triage(outcome: str) -> None:
    life = whole_loop()
    life.verdict(100, outcome)
    life.ticket(ev.Accepted, 110)
    life.task(5, ev.TaskMoved, 120, to="build")
    life.task(5, ev.TaskMoved, 130, to="done")
    life.ticket(ev.FixOffered, 140)
    life.ticket(ev.FixInstalled, 150)
    life.verdict(160, "fixed")
    assert life.told().endswith(
        "verify 90–100, triage 100–110, queue 110–120, build 120–130, release 130–140, install 140–150, verify 150–160"
    )
    way = life.way()
    assert (way.passes, way.pass_times, way.first_finish_at) == (2, (100, 60), 160)
    assert way.rework == 60
    assert way.visits[Stage.BUILD] == 2


def test_what_was_done_in_an_earlier_pass_does_not_count_for_this_one() -> None:
    life = whole_loop()
    life.verdict(100, "not_fixed")
    life.ticket(ev.Accepted, 110)
    assert life.told(now=120).endswith("triage 100–110, queue 110–120")


def test_could_not_test_leaves_it_in_verify() -> None:
    life = whole_loop()
    life.verdict(100, "could_not_test")
    assert life.told(now=110).endswith("install 80–90, verify 90–110")


def test_the_least_advanced_open_task_governs() -> None:
    life = Life()
    life.linked_task(5, 20, build=30, done=60)
    life.linked_task(6, 25, design=40, done=50)
    assert life.told(now=70) == ("transit 0–10, triage 10–20, queue 20–40, design 40–50, build 50–60, triage 60–70")


def test_work_that_began_before_the_fault_was_seen_counts_from_the_start_of_the_life() -> None:
    life = Life(seen=50, received=60)
    life.linked_task(5, 10, build=20, done=70)
    life.ticket(ev.Accepted, 65)
    assert life.told(now=80) == "build 50–70, release 70–80"


def test_an_unlinked_task_never_counted() -> None:
    life = Life()
    life.linked_task(5, 20, build=30)
    life.task(5, ev.TaskUnlinked, 40, ticket=TICKET)
    assert life.told(now=50) == "transit 0–10, triage 10–50"


def test_a_fix_from_an_existing_release_needs_no_task() -> None:
    life = Life()
    life.ticket(ev.Accepted, 20)
    life.ticket(ev.FixOffered, 20)
    life.ticket(ev.FixInstalled, 30)
    life.verdict(40, "fixed")
    assert life.told() == "transit 0–10, triage 10–20, install 20–30, verify 30–40"


def test_modes_follow_the_governing_tasks() -> None:
    life = Life()
    life.linked_task(5, 20, build=30)
    life.task(5, ev.TaskAssigned, 35, someone=True)
    life.task(5, ev.TaskBlocked, 40)
    life.task(5, ev.TaskUnblocked, 50)
    way = life.way(now=60)
    assert way.modes == {Mode.ACTIVE: 15, Mode.WAITING: 35, Mode.BLOCKED: 10}
    assert way.modes_recorded


def test_where_nobody_marks_anything_modes_are_not_recorded() -> None:
    life = Life()
    life.linked_task(5, 20, build=30)
    assert not life.way().modes_recorded


def test_a_reopened_verdict_keeps_the_first_finish_and_gives_the_closed_time_to_verify() -> None:
    life = whole_loop()
    life.verdict(100, "fixed")
    life.ticket(ev.Reopened, 150)
    life.ticket(ev.Accepted, 160)
    life.verdict(200, "fixed")
    assert life.told().endswith("verify 90–150, triage 150–160, queue 160–200")
    way = life.way()
    assert (way.first_finish_at, way.finished_at, way.first_total, way.total, way.passes) == (100, 200, 100, 200, 2)


def test_a_reopened_rejection_gives_the_closed_time_to_triage_in_the_same_pass() -> None:
    life = Life()
    life.ticket(ev.Rejected, 20)
    assert (life.way().excluded, life.way().total) == ("rejected", 20)
    life.ticket(ev.Reopened, 50)
    life.ticket(ev.Accepted, 60)
    assert life.told(now=70) == "transit 0–10, triage 10–60, queue 60–70"
    assert (life.way().excluded, life.way().passes) == ("", 1)


def test_a_reopened_ticket_asks_for_its_acceptance_again_and_then_stands_where_it_stood() -> None:
    life = whole_loop()
    life.ticket(ev.Closed, 100, outcome="wont_fix")
    life.ticket(ev.Reopened, 110)
    life.ticket(ev.Accepted, 120)
    assert life.told(now=130).endswith("verify 90–100, triage 100–120, verify 120–130")


@pytest.mark.parametrize("outcome", ["answered", "no_fault_found", "wont_fix"])
def test_what_is_closed_without_a_fix_ends_and_is_left_out_with_its_reason(outcome: str) -> None:
    life = Life()
    life.ticket(ev.Closed, 30, outcome=outcome)
    way = life.way()
    assert (way.excluded, way.ended_at, way.finished_at, way.total) == (outcome, 30, None, 30)


def test_a_merged_ticket_keeps_its_own_clock_and_verdict_and_is_left_out() -> None:
    life = Life()
    life.ticket(ev.Merged, 20, into=2)
    life.linked_task(5, 5, build=30, done=40)
    life.task(5, ev.TaskLinked, 6, ticket=2)
    life.task(5, ev.TaskUnlinked, 7, ticket=TICKET)
    life.ticket(ev.FixOffered, 50)
    life.ticket(ev.FixInstalled, 60)
    life.verdict(70, "fixed")
    way = wind(Story(frozenset({TICKET, 2}), life.events))
    assert way is not None
    assert [(str(s.stage), s.until) for s in way.segments] == [
        ("transit", 5),
        ("queue", 30),
        ("build", 40),
        ("release", 50),
        ("install", 60),
        ("verify", 70),
    ]
    assert (way.excluded, way.finished_at) == ("merged", 70)
