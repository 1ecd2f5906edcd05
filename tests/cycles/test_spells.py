"""Tasks' spells cover their whole life, and hand-overs wait until somebody takes the task."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.analysis.intervals import rate_ratio
from rnd.cycles.clock.stages import Mode
from tests.cycles.spells import HandOver, Told, done_at, hand_overs, spells_of

DATA: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "task.assigned": st.fixed_dictionaries(
        {"assignee_id": st.sampled_from([None, 1]), "team_id": st.sampled_from([None, 1, 2])}
    ),
    "task.moved": st.fixed_dictionaries({"to_stage": st.sampled_from(["queue", "design", "build", "test", "done"])}),
    "task.blocked": st.fixed_dictionaries({"reason": st.sampled_from(["parts", "range"])}),
    "task.unblocked": st.just({}),
}


@st.composite
def lives(draw: st.DrawFn) -> list[Told]:
    found = [Told(0, "task.opened", 3, 3, {"team_id": draw(st.sampled_from([None, 1]))})]
    for number in range(1, draw(st.integers(min_value=0, max_value=9)) + 1):
        kind = draw(st.sampled_from(sorted(DATA)))
        occurred, recorded = draw(st.integers(0, 30)), draw(st.integers(0, 30))
        found.append(Told(number, kind, occurred, recorded, draw(DATA[kind])))
    return found


def state_at(told: list[Told], t: int) -> tuple[Any, ...]:
    """What holds at one instant, by going through everything that had taken effect."""
    rest = sorted(told[1:], key=lambda e: (min(e.occurred, e.recorded), e.recorded, e.id))
    stage, team, assigned, blocked, latest = "queue", told[0].data["team_id"], False, None, 3
    for entry in rest:
        latest = max(latest, min(entry.occurred, entry.recorded))
        if latest > t:
            break
        if entry.kind == "task.moved":
            stage = entry.data["to_stage"]
        elif entry.kind == "task.assigned":
            team, assigned = entry.data["team_id"], entry.data["assignee_id"] is not None
        else:
            blocked = entry.data.get("reason")
    return stage, team, assigned, blocked


@given(lives())
@settings(max_examples=300, deadline=None)
def test_spells_say_of_every_instant_what_the_entries_say(told: list[Told]) -> None:
    spells = spells_of(7, told)
    assert spells[0].since == 3
    for t in range(3, 40):
        (spell,) = [s for s in spells if s.since <= t and (s.until is None or t < s.until)]
        assert (spell.stage, spell.team, spell.assigned, spell.blocked) == state_at(told, t)
    assert sum(spell.length(since=5, until=25) for spell in spells) == 20


def test_a_hand_over_waits_until_somebody_there_has_it() -> None:
    told = [
        Told(1, "task.opened", 0, 0, {"team_id": 1}),
        Told(2, "task.assigned", 5, 5, {"assignee_id": 9, "team_id": 1}),
        Told(3, "task.assigned", 10, 10, {"assignee_id": None, "team_id": 2}),
        Told(4, "task.assigned", 17, 17, {"assignee_id": 8, "team_id": 2}),
        Told(5, "task.assigned", 20, 20, {"assignee_id": 9, "team_id": 1}),
        Told(6, "task.assigned", 30, 30, {"assignee_id": None, "team_id": 3}),
    ]
    assert hand_overs(spells_of(7, told)) == [
        HandOver(7, 10, 1, 2, 7),
        HandOver(7, 20, 2, 1, 0),
        HandOver(7, 30, 1, 3, None),
    ]


def test_the_mode_of_a_spell_is_the_clocks() -> None:
    told = [
        Told(1, "task.opened", 0, 0, {"team_id": None}),
        Told(2, "task.assigned", 1, 1, {"assignee_id": 9, "team_id": None}),
        Told(3, "task.moved", 2, 2, {"to_stage": "build"}),
        Told(4, "task.blocked", 3, 3, {"reason": "parts"}),
        Told(5, "task.moved", 4, 4, {"to_stage": "done"}),
    ]
    modes = [spell.mode for spell in spells_of(7, told)]
    assert modes == [Mode.WAITING, Mode.WAITING, Mode.ACTIVE, Mode.BLOCKED, Mode.BLOCKED]


@pytest.mark.parametrize(("before", "after"), [(0, 0), (5, 0), (0, 5), (3, 3), (12, 2), (1, 9)])
def test_the_interval_of_a_rate_ratio_holds_it_and_is_clopper_pearsons(before: int, after: int) -> None:
    found = rate_ratio(before, Fraction(16), after, Fraction(8))
    n, fine = before + after, Fraction(1, 2**20)
    assert found.ratio == (Fraction(after, 8) / Fraction(before, 16) if before else None)

    def theta(rho: Fraction) -> Fraction:
        return rho * 8 / (16 + rho * 8)

    def at_most(k: int, p: Fraction) -> Fraction:
        return sum((comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k + 1)), start=Fraction(0))

    if found.low:
        p = theta(found.low)
        assert 1 - at_most(after - 1, p) <= Fraction(25, 1000) < 1 - at_most(after - 1, p + fine)
    if found.high:
        p = theta(found.high)
        assert at_most(after, p) <= Fraction(25, 1000) < at_most(after, p - fine)
    assert (found.high is None) == (after == n)
    if found.ratio is not None and found.low is not None:
        assert found.low <= found.ratio
        assert found.high is None or found.ratio <= found.high


def test_without_exposure_there_is_no_rate() -> None:
    found = rate_ratio(3, Fraction(0), 1, Fraction(5))
    assert (found.ratio, found.low, found.high) == (None, None, None)


def test_a_task_is_done_when_it_came_there_whatever_is_said_of_it_later() -> None:
    told = [
        Told(0, "task.opened", 1, 1, {"team_id": 1}),
        Told(1, "task.moved", 2, 2, {"to_stage": "done"}),
        Told(2, "task.moved", 3, 3, {"to_stage": "test"}),
        Told(3, "task.moved", 5, 5, {"to_stage": "done"}),
        Told(4, "task.assigned", 8, 8, {"assignee_id": 1, "team_id": 2}),
    ]
    assert done_at(spells_of(1, told)) == 5
    assert done_at(spells_of(1, told[:3])) is None
