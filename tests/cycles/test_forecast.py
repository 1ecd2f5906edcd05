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

from rnd.cycles.statistics import flow_model
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
    assert f.forecast([], 3, P85, []).promised is None


@pytest.mark.parametrize("seed", range(4))
def test_a_past_promise_does_not_change_when_more_becomes_known(seed: int) -> None:
    chance = Random(seed)
    history = [chance.choice([0, 0, 1, 2, 5]) for _ in range(260)]
    full = f.backtest(history, 12, P85, begins=2, window=30)
    for length in (100, 180, 259):
        known = f.backtest(history[:length], 12, P85, begins=2, window=30)
        assert [(t.origin, t.expected, t.promised, t.calibrated) for t in known] == [
            (t.origin, t.expected, t.promised, t.calibrated) for t in full[: len(known)]
        ]
    assert any(t.calibrated for t in full)
    assert not any(t.calibrated for t in full[:FEWEST])


def test_the_promise_is_the_expectation_stretched_by_the_errors_of_the_past() -> None:
    chance = Random(3)
    history = [chance.choice([0, 1, 3]) for _ in range(200)]
    trials = f.backtest(history, 6, P85, begins=0, window=30)
    trials = [t for t in trials if t.realised is not None]
    made = f.forecast(history, 6, P85, trials, window=30)
    errors = sorted(Fraction(t.lasted, t.expected) for t in trials)
    rank = -(-85 * len(errors) // 100)
    assert made.expected is not None
    assert made.promised is not None
    stretched = errors[rank - 1] * made.expected
    assert made.promised - 1 < stretched <= made.promised
    alike = [t.hit for t in trials if t.calibrated]
    assert 0 < len(alike) < len(trials)
    assert made.hit_rate == Fraction(alike.count(True), len(alike))


def test_a_forecast_is_made_at_the_end_of_each_week() -> None:
    for begins in range(7):
        places = [t.origin for t in f.backtest([1] * 130, 5, P85, begins=begins)]
        assert places == [place for place in range(89, 130) if (begins + place) % 7 == 6]
        _hits, trials = f.kept_by_date([1] * 130, 9, (P85,), begins=begins)[P85]
        assert trials == sum(place + 9 < 130 for place in places)


def test_a_promise_is_missed_once_its_days_are_over() -> None:
    """Ninety days of one loop a day, then none: five were promised in five days."""
    for over, hit in ((0, None), (4, None), (5, False), (6, False)):
        first = f.backtest([1] * 90 + [0] * over, 5, P85, begins=1)[0]  # the 90th day is a Sunday
        assert (first.origin, first.promised, first.realised, first.lasted, first.hit) == (89, 5, None, over, hit)
    done = f.backtest([1] * 90 + [0, 0, 5, 0, 0, 0], 5, P85, begins=1)[0]
    assert (done.realised, done.lasted, done.hit) == (3, 3, True)


@some
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4), st.booleans()), min_size=FEWEST, max_size=40), chances)
def test_what_still_runs_makes_no_promise_shorter(cases: list[tuple[int, int, bool]], p: Fraction) -> None:
    """Each case is its days, what was expected, and whether it still runs after them."""
    today, expected = 100, 840
    trials = [
        f.Trial(today - days, even, 9, True, None if runs else days, days) for days, even, runs in cases
    ]  # fmt: skip
    done = [trial for trial in trials if trial.realised is not None]
    found, dropped = (f._stretched(some, expected, p, today) for some in (trials, done))
    if len(done) < FEWEST:
        assert found is dropped is None
        return
    assert found is not None
    assert dropped is not None
    assert found >= dropped
    assert found in [Fraction(trial.lasted, trial.expected) * expected for trial in trials]
    # Nothing that came later was known: the same with every outcome a day after today, or still open.
    later = [f.Trial(today - 1, 1, 9, True, 2, 2), f.Trial(today - 1, 1, 9, True, None, 1)]
    assert len({f._stretched([*trials, one], expected, p, today) for one in later}) == 1


def test_the_slow_ones_that_still_run_stretch_the_promise() -> None:
    quick = [f.Trial(place, 10, 10, True, 10, 10) for place in range(10)]
    slow = [f.Trial(place, 10, 10, True, None, 90 - place) for place in range(10)]
    assert f._stretched(quick, 10, P85, 90) == 10
    # Half of all took as long as expected; of the others nobody knows but that they take longer than all these.
    assert f._stretched([*quick, *slow], 10, Fraction(1, 2), 90) == 10
    assert f._stretched([*quick, *slow], 10, P85, 90) == 90


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
    trials = [t for t in f.backtest(history, 20, P85, begins=0, window=60) if t.calibrated and t.hit is not None]
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
    cut = flow_model.fewer_at_once(60, Fraction(2), 30)
    assert cut.loop_before == 30 * day
    assert cut.loop_after == 15 * day
    assert "same_throughput" in cut.assumes
    quick = flow_model.quicker_stage(Fraction(30 * day), Fraction(10 * day), Fraction(2), Fraction(2))
    assert quick.loop_after == 25 * day
    more = flow_model.more_engineers(60, Fraction(2), 4)
    assert more.throughput_after == Fraction(5, 2)
    assert more.loop_after == 24 * day
    assert more.loop_after * more.throughput_after == more.loop_before * more.throughput_before
