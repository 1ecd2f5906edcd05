"""Forecasts equal the enumeration of every possible future; promises use only what was known when they were made."""

from __future__ import annotations

import time
from collections import Counter
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.statistics import forecast as f
from rnd.cycles.statistics.figures import FEWEST

P85 = Fraction(85, 100)
some = settings(max_examples=80, deadline=None)
histories = st.lists(st.integers(min_value=0, max_value=4), min_size=1, max_size=5)
chances = st.sampled_from([Fraction(1, 2), P85, Fraction(95, 100), Fraction(1)])


def futures(days: list[int], number: int) -> Counter[int]:
    """Every way in which `number` days can go, each like one of the past, by how many loops finish."""
    return Counter(sum(way) for way in product(days, repeat=number))


@some
@given(histories, st.integers(min_value=0, max_value=5), st.integers(min_value=0, max_value=25))
def test_weights_count_every_possible_future(days: list[int], number: int, below: int) -> None:
    every = futures(days, number)
    found = f.weights(days, number, below)
    assert found == [every[n] for n in range(len(found))]
    assert all(every[n] == 0 for n in range(len(found), below))


@some
@given(histories, st.integers(min_value=0, max_value=5), st.integers(min_value=0, max_value=25))
def test_the_chance_is_the_share_of_the_futures(days: list[int], number: int, n: int) -> None:
    every = futures(days, number)
    assert f.chance(days, n, number) == Fraction(sum(v for k, v in every.items() if k >= n), len(days) ** number)


@some
@given(histories, st.integers(min_value=1, max_value=5), chances)
def test_how_many_by_a_date_is_the_largest_count_that_is_likely_enough(
    days: list[int], number: int, p: Fraction
) -> None:
    every = futures(days, number)
    likely = [
        n
        for n in range(max(days) * number + 1)
        if Fraction(sum(v for k, v in every.items() if k >= n), len(days) ** number) >= p
    ]
    assert f.by_date(days, number, p) == max(likely)


@some
@given(histories, st.integers(min_value=0, max_value=9), st.sampled_from([Fraction(1, 2), P85]))
def test_when_these_are_done_is_the_first_day_that_is_likely_enough(days: list[int], n: int, p: Fraction) -> None:
    found = f.until_done(tuple(days), n, p)
    if not any(days) and n:
        assert found is None
        return
    assert found is not None
    assert f.chance(days, n, found) >= p
    assert found == 0 or f.chance(days, n, found - 1) < p


def test_what_can_never_be_done_has_no_day() -> None:
    assert f.until_done((0, 0), 1, P85) is None
    assert f.until_done((0, 1), 1, Fraction(1)) is None
    assert f.forecast([], 3, P85).promised is None


@pytest.mark.parametrize("seed", range(4))
def test_a_past_promise_does_not_change_when_more_becomes_known(seed: int) -> None:
    chance = Random(seed)
    history = [chance.choice([0, 0, 1, 2, 5]) for _ in range(260)]
    full = f.backtest(history, 12, P85, window=30)
    for length in (100, 180, 259):
        known = f.backtest(history[:length], 12, P85, window=30)
        assert [(t.origin, t.expected, t.promised, t.calibrated) for t in known] == [
            (t.origin, t.expected, t.promised, t.calibrated) for t in full[: len(known)]
        ]
    assert any(t.calibrated for t in full)
    assert not any(t.calibrated for t in full[:FEWEST])


def test_the_promise_is_the_expectation_stretched_by_the_errors_of_the_past() -> None:
    chance = Random(3)
    history = [chance.choice([0, 1, 3]) for _ in range(200)]
    trials = f.backtest(history, 6, P85, window=30)
    made = f.forecast(history, 6, P85, window=30)
    errors = sorted(Fraction(t.realised, t.expected) for t in trials if t.realised is not None)
    rank = -(-85 * len(errors) // 100)
    assert made.expected is not None
    assert made.promised is not None
    stretched = errors[rank - 1] * made.expected
    assert made.promised - 1 < stretched <= made.promised
    assert made.hit_rate == Fraction(sum(t.hit is True for t in trials), sum(t.hit is not None for t in trials))


def test_what_was_realised_is_counted_from_the_day_after() -> None:
    assert f.realised([9, 0, 1, 2], 0, 3) == 3
    assert f.realised([9, 0, 1, 2], 0, 1) == 2
    assert f.realised([9, 0, 1, 2], 2, 3) is None


def test_calibration_keeps_the_promise_where_finishes_come_in_bursts() -> None:
    """Days are not independent here, so the raw 85 % is kept less often; the calibrated one comes closer to it."""
    chance = Random(11)
    history: list[int] = []
    while len(history) < 900:
        history += [chance.choice([0, 0, 1])] * chance.randint(5, 40) + [chance.choice([2, 3])] * chance.randint(5, 40)
    trials = [t for t in f.backtest(history, 20, P85, window=60) if t.calibrated and t.hit is not None]
    kept = sum(t.hit is True for t in trials) / len(trials)
    raw = sum(
        t.realised <= (f.until_done(tuple(history[t.origin - 59 : t.origin + 1]), 20, P85) or 0)
        for t in trials
        if t.realised is not None
    ) / len(trials)
    assert abs(kept - 0.85) < abs(raw - 0.85)


def test_a_forecast_takes_less_than_five_milliseconds() -> None:
    chance = Random(1)
    history = tuple(chance.choice([0, 0, 1, 2, 3, 5, 8]) for _ in range(90))
    best = 1.0
    for _ in range(5):
        f.until_done.cache_clear()
        began = time.process_time()
        f.until_done(history, 100, P85)
        f.by_date(history, 30, P85)
        best = min(best, time.process_time() - began)
    assert best < 0.05  # ten times as long as on a quiet machine


def test_what_ifs_follow_littles_law() -> None:
    day = 86_400_000_000
    cut = f.fewer_at_once(60, Fraction(2), 30)
    assert cut.loop_before == 30 * day
    assert cut.loop_after == 15 * day
    assert "same_throughput" in cut.assumes
    quick = f.quicker_stage(Fraction(30 * day), Fraction(10 * day), Fraction(2), Fraction(2))
    assert quick.loop_after == 25 * day
    more = f.more_engineers(60, Fraction(2), 4)
    assert more.throughput_after == Fraction(5, 2)
    assert more.loop_after == 24 * day
    assert more.loop_after * more.throughput_after == more.loop_before * more.throughput_before
