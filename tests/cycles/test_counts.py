"""Promised counts are calibrated by past ones, and use only what was known when they were made."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from rnd.cycles.statistics import counts
from rnd.cycles.statistics.calibration import Promise
from rnd.cycles.statistics.figures import FEWEST, P50, P85
from rnd.cycles.statistics.throughput import by_date

P95 = Fraction(95, 100)


def of(history: list[int], days: int, p: Fraction = P85, *, begins: int = 0) -> list[counts.Trial]:
    return counts.backtest(history, days, (p,), begins=begins)[p]


def test_a_forecast_is_made_at_the_end_of_each_week() -> None:
    for begins in range(7):
        found = of([1] * 130, 9, begins=begins)
        assert [one.origin for one in found] == [place for place in range(89, 130) if (begins + place) % 7 == 6]
        assert [one.came for one in found] == [9 if one.origin + 9 < 130 else None for one in found]


@pytest.mark.parametrize("seed", range(4))
def test_a_past_promise_does_not_change_when_more_becomes_known(seed: int) -> None:
    chance = Random(seed)
    history = [chance.choice([0, 0, 1, 2, 5]) for _ in range(330)]
    full = of(history, 30, begins=2)
    for length in (120, 250, 329):
        known = of(history[:length], 30, begins=2)
        assert [(one.origin, one.expected, one.promised, one.calibrated) for one in known] == [
            (one.origin, one.expected, one.promised, one.calibrated) for one in full[: len(known)]
        ]
    assert any(one.calibrated for one in full)
    assert not any(one.calibrated for one in full[: FEWEST + 30 // 7])


def test_the_promise_is_the_largest_count_that_the_share_of_past_ones_came_to() -> None:
    chance = Random(5)
    history = [chance.choice([0, 1, 3]) for _ in range(260)]
    for p in (P50, P85, P95):
        trials = of(history, 20, p)
        made = counts.forecast(history, 20, {p: trials})[p]
        over = [Fraction(one.came, one.expected) for one in trials if one.came is not None]
        expected = by_date(history[-90:], 20, P50)
        # Of the next one and all before it, the share must hold.
        wanted = min(p * (len(over) + 1), Fraction(len(over)))
        reached = [share for share in over if sum(other >= share for other in over) >= wanted]
        assert made.calibrated
        assert made.raw == by_date(history[-90:], 20, p)
        assert made.promised == min(max(reached) * expected // 1, made.raw)
        alike = [one.hit for one in trials if one.calibrated and one.came is not None]
        assert 0 < len(alike) < len(over)
        assert made.hit_rate == Fraction(alike.count(True), len(alike))


def test_with_too_few_past_ones_the_promise_is_the_exact_convolution() -> None:
    history = [0, 1, 3] * 40
    made = counts.forecast(history, 10, {P85: of(history, 10)})[P85]
    assert not made.calibrated
    assert made.promised == made.raw == by_date(history[-90:], 10, P85)
    assert (made.hits, made.trials) == (3, 3)


def test_without_a_history_nothing_is_promised() -> None:
    assert counts.forecast([], 9, {P85: of([], 9)})[P85] == Promise(P85, None, None, False, 0, 0)


def test_where_nothing_was_expected_nothing_is_scaled() -> None:
    """Weeks of nothing have no proportion to what came after them; they calibrate nothing and promise nothing."""
    found = of([0] * 250 + [1] * 100, 7)
    assert [one.promised for one in found if one.expected == 0] == [0] * sum(one.expected == 0 for one in found)
    assert not found[FEWEST + 5].calibrated
    assert found[-1].expected > 0


def test_calibration_keeps_the_promise_where_finishes_come_in_bursts() -> None:
    """Days are not independent here, so the raw 85 % is kept less often; the calibrated one comes closer to it."""
    chance = Random(11)
    history: list[int] = []
    while len(history) < 900:
        history += [chance.choice([0, 0, 1])] * chance.randint(5, 40) + [chance.choice([2, 3])] * chance.randint(5, 40)
    trials = [one for one in of(history, 30) if one.calibrated and one.came is not None]
    kept = sum(one.hit is True for one in trials) / len(trials)
    raw = sum((one.came or 0) >= by_date(history[one.origin - 89 : one.origin + 1], 30, P85) for one in trials) / len(
        trials
    )
    assert abs(kept - 0.85) < abs(raw - 0.85)
