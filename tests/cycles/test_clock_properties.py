"""Every identity of the cycle clock, on random lives, against an oracle that looks at each instant by itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.clock import events as ev
from rnd.cycles.clock import wind
from rnd.cycles.clock.course import Story
from rnd.cycles.clock.effort import effort
from rnd.cycles.clock.stages import Stage
from rnd.cycles.clock.way import Way
from rnd.cycles.statistics.shares import apportion
from tests.cycles.oracle import Oracle
from tests.cycles.worlds import LATEST, TICKET, any_story, moments, task_events

many = settings(max_examples=400, deadline=None)
some = settings(max_examples=100, deadline=None)
nows = st.integers(min_value=LATEST, max_value=LATEST + 10)


def wound(story: Story, now: int | None = None) -> Way:
    way = wind(story, now=now)
    assert way is not None
    return way


@many
@given(any_story(), nows)
def test_every_identity_holds_of_every_life(story: Story, now: int) -> None:
    way, oracle = wound(story, now), Oracle(story, now)
    every_instant_reads_as_the_definition_says(way, oracle)
    stages_modes_and_passes_each_add_up_to_the_total(way)
    segments_cover_the_life_without_gap_or_overlap_and_neighbours_differ(now, way)
    splitting_a_task_into_two_that_share_its_way_changes_nothing(story, now, way)
    counting_the_running_segment_later_gives_the_same_as_counting_it_at_once(story, now, way)
    finishes_are_kept_and_exclusions_have_a_reason(way, oracle)
    what_was_moved_is_listed_and_nothing_else(way, oracle)


def every_instant_reads_as_the_definition_says(way: Way, oracle: Oracle) -> None:
    by_segments = {t: (str(s.stage), str(s.mode), s.number) for s in way.segments for t in range(s.since, s.until)}
    assert by_segments == oracle.instants()
    assert (way.started_at, way.started_at + way.total) == (oracle.start, oracle.end)


def stages_modes_and_passes_each_add_up_to_the_total(way: Way) -> None:
    assert sum(length or 0 for length in way.stages.values()) == way.total
    assert sum(way.modes.values()) == way.total
    assert sum(way.pass_times) == way.total
    assert sum(visit.length for visit in way.visited) == way.total
    assert 0 <= way.rework <= way.total
    assert all((way.stages[stage] is None) == (way.visits[stage] == 0) for stage in Stage)


def segments_cover_the_life_without_gap_or_overlap_and_neighbours_differ(now: int, way: Way) -> None:
    assert all(segment.length > 0 for segment in way.segments)
    for one, next_one in pairwise(way.segments):
        assert one.until == next_one.since
        assert (one.stage, one.mode, one.number) != (next_one.stage, next_one.mode, next_one.number)
    if way.segments:
        assert way.segments[0].since == way.started_at
        assert way.segments[-1].until == (now if way.ended_at is None else way.ended_at)


def splitting_a_task_into_two_that_share_its_way_changes_nothing(story: Story, now: int, way: Way) -> None:
    """The same work on two cards: every event of task 1 happens to task 11 too."""
    twin = [replace(event, subject=11, id=event.id + 1000) for event in story.events if event.subject == 1]
    twin = [event for event in twin if isinstance(event, ev.TaskEvent)]
    split = wound(replace(story, events=[*story.events, *twin]), now)
    assert split.segments == way.segments


def counting_the_running_segment_later_gives_the_same_as_counting_it_at_once(story: Story, now: int, way: Way) -> None:
    kept = wound(story)
    assert kept.at(now) == way
    assert kept.at(LATEST).at(now).stages == way.stages
    assert (kept.running is None) == (kept.ended_at is not None)


def finishes_are_kept_and_exclusions_have_a_reason(way: Way, oracle: Oracle) -> None:
    held = oracle.closing
    finished = isinstance(held, ev.VerdictGiven) or (isinstance(held, ev.Closed) and held.outcome == "fixed")
    assert way.finished_at == (oracle.moment(held) if finished and held else None)
    assert way.finished_at is None or (way.first_finish_at is not None and way.first_finish_at <= way.finished_at)
    if held is not None and not finished:
        assert way.excluded in ("merged", "rejected", "answered", "wont_fix")
    assert way.excluded in ("", "merged") or not finished


def what_was_moved_is_listed_and_nothing_else(way: Way, oracle: Oracle) -> None:
    expected: set[tuple[int, int, int]] = set()
    for line in [oracle.own, *oracle.tasks]:
        for index, event in enumerate(line):
            at = max(min(e.occurred, e.recorded) for e in line[: index + 1])
            if at != event.occurred:
                expected.add((event.id, event.occurred, at))
    assert {(m.entry_id, m.claimed, m.effective) for m in way.moved if m.field == "occurred_at"} == expected
    first = oracle.own[0]
    assert isinstance(first, ev.Received)
    assert any(m.field == "seen_at" for m in way.moved) == (first.seen > min(first.occurred, first.recorded))


@some
@given(any_story(), moments)
def test_a_look_from_the_past_reads_only_what_had_happened(story: Story, now: int) -> None:
    way, oracle = wind(story, now=now), Oracle(story, now)
    assert (way is not None) == oracle.received
    if way is not None:
        expected = oracle.instants()
        assert sum(s.length for s in way.segments) == len(expected)
        assert all(expected[s.since] == (s.stage, s.mode, s.number) for s in way.segments)


@some
@given(any_story(), nows, st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_read_does_not_matter(story: Story, now: int, random: Random) -> None:
    events = list(story.events)
    random.shuffle(events)
    assert wind(replace(story, events=events), now=now) == wind(story, now=now)


@some
@given(any_story(), nows, st.lists(task_events(9), max_size=8))
def test_adding_a_task_never_changes_the_total(story: Story, now: int, more: list[ev.Event]) -> None:
    link = ev.TaskLinked(id=0, subject=9, occurred=0, recorded=0, ticket=TICKET)
    events = [*story.events, *(replace(event, id=100 + n) for n, event in enumerate([link, *more]))]
    before, after = wound(story, now), wound(replace(story, events=events), now)
    assert after.total == before.total
    assert (after.started_at, after.ended_at, after.passes) == (before.started_at, before.ended_at, before.passes)


@some
@given(any_story(), nows, st.integers(min_value=-(10**15), max_value=10**15))
def test_the_clock_knows_no_date(story: Story, now: int, by: int) -> None:
    """Everything later by the same amount gives the same lengths."""
    moved = [replace(event, occurred=event.occurred + by, recorded=event.recorded + by) for event in story.events]
    moved = [replace(event, seen=event.seen + by) if isinstance(event, ev.Received) else event for event in moved]
    here, there = wound(story, now), wound(replace(story, events=moved), now + by)
    assert [s.length for s in here.segments] == [s.length for s in there.segments]
    assert (here.stages, here.modes, here.pass_times) == (there.stages, there.modes, there.pass_times)


@some
@given(any_story(), nows)
def test_effort_is_shared_equally_and_adds_up(story: Story, now: int) -> None:
    found, way, oracle = effort(story, now=now), wound(story, now), Oracle(story, now)
    assert found is not None
    assert sum(found.by_stage.values()) == way.total
    assert sum(found.by_task.values()) == way.total
    by_stage, by_task = oracle.shares()
    for stage in Stage:
        assert -1 < found.by_stage[stage] - by_stage.get(str(stage), Fraction(0)) < 1
    for task in {*by_task, *found.by_task}:
        assert -1 < found.by_task.get(task, 0) - by_task.get(task, Fraction(0)) < 1


@some
@given(
    st.dictionaries(st.integers(), st.fractions(min_value=0, max_value=1000, max_denominator=60), max_size=9),
    st.integers(min_value=1, max_value=50),
)
def test_rounded_shares_add_up_and_are_less_than_one_unit_off(shares: dict[int, Fraction], unit: int) -> None:
    rounded = apportion(shares, unit=unit)
    exact = sum(shares.values(), start=Fraction(0))
    assert abs(sum(rounded.values()) - exact) * 2 <= unit
    assert all(abs(rounded[key] - share) < unit for key, share in shares.items())
    assert all(value % unit == 0 for value in rounded.values())
