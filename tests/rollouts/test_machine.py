"""The pure machine: whatever the answers and the hour, it never goes too far, and it never stops for too little."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.rollouts.machine import (
    Answer,
    Begin,
    Complete,
    Course,
    Group,
    Pause,
    State,
    Tally,
    Wait,
    Why,
    by_hand,
    step,
    tally,
)

# A busy machine is no fault of what is tested.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
T0 = datetime(2026, 11, 2, tzinfo=UTC)
ANSWERS = st.lists(st.tuples(st.sampled_from(list(Answer)), st.booleans()), min_size=1, max_size=8)


@st.composite
def courses(draw: st.DrawFn) -> tuple[Course, datetime]:
    """A rollout at some hour: some of its groups have begun, one after the other."""
    count = draw(st.integers(1, 5))
    begun = draw(st.integers(1, count))
    hours = sorted(draw(st.lists(st.integers(0, 500), min_size=begun, max_size=begun)))
    groups = []
    for place in range(count):
        started = place < begun
        answers = draw(ANSWERS) if started else [(Answer.WAITING, False)]
        groups.append(
            Group(
                place + 1,
                timedelta(hours=draw(st.integers(0, 72))),
                draw(st.booleans()),
                T0 + timedelta(hours=hours[place]) if started else None,
                tally(answers),
            )
        )
    course = Course(
        draw(st.sampled_from(list(State))),
        draw(st.integers(1, 100)),
        draw(st.integers(1, 100)),
        draw(st.integers(0, 3)),
        tuple(groups),
    )
    return course, T0 + timedelta(hours=hours[-1] + draw(st.integers(0, 200)))


def with_current(course: Course, **change: object) -> Course:
    groups = list(course.groups)
    current = course.current
    assert current is not None
    groups[current.number - 1] = replace(current, **change)  # type: ignore[arg-type]  # fields by name
    return replace(course, groups=tuple(groups))


@UNHURRIED
@given(courses())
def test_only_a_running_rollout_does_anything(given_: tuple[Course, datetime]) -> None:
    course, now = given_
    if course.state is not State.RUNNING:
        assert isinstance(step(course, now), Wait)


@UNHURRIED
@given(courses())
def test_it_goes_on_only_after_the_soak_time_with_enough_success_and_through_no_gate(
    given_: tuple[Course, datetime],
) -> None:
    course, now = given_
    due, current = step(course, now), course.current
    assert current is not None
    assert current.begun_at is not None
    if isinstance(due, Begin | Complete):
        assert course.state is State.RUNNING
        assert now >= current.begun_at + current.soak
        assert current.tally.installed * 100 >= course.success_percent * current.tally.asked
        assert current.tally.installed >= 1
    if isinstance(due, Begin):
        following = course.following
        assert following is not None
        assert due.number == following.number == current.number + 1
        assert not following.gate
    if isinstance(due, Complete):
        assert course.following is None


@UNHURRIED
@given(courses())
def test_unreachable_is_not_failed_and_skipped_is_no_success(given_: tuple[Course, datetime]) -> None:
    course, now = given_
    current = course.current
    assert current is not None
    alone = tally([(Answer.UNREACHABLE, False), (Answer.SKIPPED, False)])
    quiet = replace(course, state=State.RUNNING, groups=tuple(replace(g, tally=alone) for g in course.groups))
    assert not isinstance(step(quiet, now), Pause | Begin | Complete)
    more = with_current(
        course,
        tally=replace(current.tally, unreachable=current.tally.unreachable + 3, skipped=current.tally.skipped + 2),
    )
    assert step(more, now) == step(course, now)


@UNHURRIED
@given(courses())
def test_what_a_person_has_excused_pauses_it_no_second_time_and_is_still_no_success(
    given_: tuple[Course, datetime],
) -> None:
    course, now = given_
    groups = tuple(replace(g, tally=replace(g.tally, fresh_errors=0, fresh_worse=0)) for g in course.groups)
    excused = replace(course, state=State.RUNNING, groups=groups)
    due, current = step(excused, now), excused.current
    assert current is not None
    assert not isinstance(due, Pause)
    if isinstance(due, Begin | Complete):
        assert current.tally.succeeds(course.success_percent)


@UNHURRIED
@given(courses(), st.integers(1, 3))
def test_as_many_worse_as_the_limit_pause_it_before_anything_else(given_: tuple[Course, datetime], limit: int) -> None:
    course, now = given_
    current = course.current
    assert current is not None
    bad = with_current(
        replace(course, state=State.RUNNING, worse_limit=limit),
        tally=replace(current.tally, worse=limit, fresh_worse=limit, fresh_errors=current.tally.fresh_errors + limit),
    )
    due = step(bad, now)
    assert isinstance(due, Pause)
    assert due.cause == "worse"
    assert due.count >= limit


@UNHURRIED
@given(courses())
def test_time_alone_never_stops_it_and_waiting_for_the_soak_time_says_until_when(
    given_: tuple[Course, datetime],
) -> None:
    course, now = given_
    due, later = step(course, now), step(course, now + timedelta(days=400))
    assert isinstance(later, Pause) == isinstance(due, Pause)
    if isinstance(due, Wait) and due.why is Why.SOAK:
        assert due.until is not None
        assert due.until > now
        after = step(course, due.until)
        assert not (isinstance(after, Wait) and after.why is Why.SOAK)


@UNHURRIED
@given(courses())
def test_a_rollout_in_which_everybody_installs_reaches_its_end(given_: tuple[Course, datetime]) -> None:
    course, now = given_
    current = course.current
    assert current is not None
    course = replace(course, state=State.RUNNING)
    good = Tally(installed=2)
    groups = tuple(replace(g, tally=good if g.begun_at else Tally(waiting=2)) for g in course.groups)
    course = replace(course, groups=groups)
    for _round in range(len(groups) + 1):
        now += timedelta(hours=80)
        due = step(course, now)
        if isinstance(due, Wait):
            assert due.why is Why.GATE
            due = by_hand(course)
        if isinstance(due, Complete):
            return
        assert isinstance(due, Begin)
        begun = list(course.groups)
        begun[due.number - 1] = replace(begun[due.number - 1], begun_at=now, tally=good)
        course = replace(course, groups=tuple(begun))
    raise AssertionError("It never came to its end.")


def test_one_failure_of_five_is_a_fifth() -> None:
    assert tally([(Answer.FAILED, False), *[(Answer.WAITING, False)] * 4]).fails(20)
    assert not tally([(Answer.FAILED, False), *[(Answer.WAITING, False)] * 5]).fails(20)
    # The unreachable do not thin the failures out.
    answers = [(Answer.FAILED, False), *[(Answer.WAITING, False)] * 4, *[(Answer.UNREACHABLE, False)] * 9]
    assert tally(answers).fails(20)


def test_a_share_is_told_of_those_asked() -> None:
    found = tally([(Answer.INSTALLED, False), (Answer.WAITING, False), (Answer.SKIPPED, False)])
    assert (found.teams, found.asked, found.success_share) == (3, 2, 50)
    assert Tally().success_share == 0
