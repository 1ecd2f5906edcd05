"""Promises of days are calibrated by past ones, and use only what was known when they were made."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.statistics import calibration as c
from rnd.cycles.statistics import flow_model
from rnd.cycles.statistics import forecast as f
from rnd.cycles.statistics.figures import FEWEST, P85
from rnd.cycles.statistics.throughput import until_done

some = settings(max_examples=80, deadline=None)
chances = st.sampled_from([Fraction(1, 2), P85, Fraction(95, 100), Fraction(1)])


def test_without_a_history_nothing_is_promised() -> None:
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
    errors = sorted(Fraction(t.realised, t.expected) for t in trials if t.realised is not None)
    # Of the next one and all before it, the share must hold.
    rank = min(-(-85 * (len(errors) + 1) // 100), len(errors))
    assert made.expected is not None
    assert made.promised is not None
    assert made.raw is not None
    stretched = errors[rank - 1] * made.expected
    assert made.promised == max(made.raw, ceil(stretched))
    alike = [t.hit for t in trials if t.calibrated and t.over >= t.promised]
    assert 0 < len(alike) < len(trials)
    assert made.hit_rate == Fraction(alike.count(True), len(alike))


def test_a_forecast_is_made_at_the_end_of_each_week() -> None:
    for begins in range(7):
        places = [t.origin for t in f.backtest([1] * 130, 5, P85, begins=begins)]
        assert places == [place for place in range(89, 130) if (begins + place) % 7 == 6]


def test_a_promise_is_missed_once_its_days_are_over() -> None:
    """Ninety days of one loop a day, then none: five were promised in five days."""
    for over, hit in ((0, None), (4, None), (5, False), (6, False)):
        first = f.backtest([1] * 90 + [0] * over, 5, P85, begins=1)[0]  # the 90th day is a Sunday
        assert (first.origin, first.promised, first.realised, first.over, first.hit) == (89, 5, None, over, hit)
        assert c.promises_kept([first], calibrated=False) == (0, over >= 5)


def test_a_promise_that_came_true_early_counts_once_its_days_are_over() -> None:
    """What is late would be counted later than what was early, and the share of those that held lean upwards."""
    for over, counted in ((3, (0, 0)), (4, (0, 0)), (5, (1, 1)), (6, (1, 1))):
        done = f.backtest(([1] * 90 + [0, 0, 5, 0, 0, 0])[: 90 + over], 5, P85, begins=1)[0]
        assert (done.realised, done.over, done.hit) == (3, over, True)
        assert c.promises_kept([done], calibrated=False) == c.even_chances_kept([done]) == counted


@some
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4), st.booleans()), min_size=FEWEST, max_size=40), chances)
def test_what_still_runs_makes_no_promise_shorter(cases: list[tuple[int, int, bool]], p: Fraction) -> None:
    """Each case is its days, what was expected, and whether it still runs after them."""
    today, expected = 100, 840
    trials = [
        c.Trial(today - days, even, 9, True, None if runs else days, days) for days, even, runs in cases
    ]  # fmt: skip
    done = [trial for trial in trials if trial.realised is not None]
    found, dropped = (c.stretched(some, expected, p, today) for some in (trials, done))
    if len(done) < FEWEST:
        assert found is dropped is None
        return
    assert found is not None
    assert dropped is not None
    assert found >= dropped
    assert found in [Fraction(trial.realised or trial.over, trial.expected) * expected for trial in trials]
    # Nothing that came later was known: the same with every outcome a day after today, or still open.
    later = [c.Trial(today - 1, 1, 9, True, 2, 2), c.Trial(today - 1, 1, 9, True, None, 1)]
    assert len({c.stretched([*trials, one], expected, p, today) for one in later}) == 1


def test_the_slow_ones_that_still_run_stretch_the_promise() -> None:
    quick = [c.Trial(place, 10, 10, True, 10, 10) for place in range(10)]
    slow = [c.Trial(place, 10, 10, True, None, 90 - place) for place in range(10)]
    assert c.stretched(quick, 10, P85, 90) == 10
    # Half of all took as long as expected; of the others nobody knows but that they take longer than all these.
    assert c.stretched([*quick, *slow], 10, Fraction(45, 100), 90) == 10
    assert c.stretched([*quick, *slow], 10, P85, 90) == 90


def test_a_promise_is_never_shorter_than_the_days_themselves_say() -> None:
    """A hundred days of one loop a day after hundred without any: all early forecasts were too long."""
    history = [0] * 100 + [1] * 250
    trials = f.backtest(history, 20, P85, begins=0)
    shorter = 0
    for place, t in enumerate(trials):
        stretched = c.stretched(trials[:place], t.expected, P85, t.origin)
        shorter += stretched is not None and stretched < t.promised
        raw = until_done(tuple(history[t.origin - 89 : t.origin + 1]), 20, P85)
        assert raw is not None
        assert t.promised >= raw
    assert shorter > 0
    made = f.forecast(history, 20, P85, trials)
    assert (made.calibrated, made.promised, made.raw) == (True, 20, 20)


def test_the_share_of_the_next_one_is_a_little_more() -> None:
    assert c.of_the_next(P85, 100) == P85 * 101 / 100
    assert c.of_the_next(P85, 10) == P85 * 11 / 10
    assert c.of_the_next(Fraction(95, 100), 10) == 1


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
        t.realised <= (until_done(tuple(history[t.origin - 59 : t.origin + 1]), 20, P85) or 0)
        for t in trials
        if t.realised is not None
    ) / len(trials)
    assert abs(kept - 0.85) < abs(raw - 0.85)


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
