"""The forecast of chosen tickets equals slow code that looks at one loop after the other, day after day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from rnd.cycles.statistics import remaining as r
from rnd.cycles.statistics.figures import P50, P85
from tests.cycles.slow.chosen import Span, days_for, like_ones, past

FIRST = date(2026, 1, 1)


def spans_of(chance: Random, n: int, days: int) -> list[Span]:
    """Loops that begin on some days more often than on others, a few of which still run on the last day."""
    last, found = FIRST + timedelta(days=days), []
    for number in range(1, n + 1):
        began = FIRST + timedelta(days=chance.choice([chance.randrange(days), chance.randrange(days) // 9 * 9]))
        ended = began + timedelta(days=int(chance.expovariate(1 / 12)))
        found.append((began, ended if ended <= last else None, number))
    chance.shuffle(found)
    return found


def lives_of(every: list[Span]) -> r.Lives:
    groups: dict[int, dict[int, tuple[int, int]]] = {}
    for began, ended, number in every:
        some = groups.setdefault(began.toordinal(), {})
        day = r.RUNNING if ended is None else ended.toordinal()
        n, first = some.get(day, (0, number))
        some[day] = (n + 1, min(first, number))
    return r.Lives(groups)


@pytest.mark.parametrize("seed", range(12))
def test_past_and_present_forecasts_equal_the_slow_ones(seed: int) -> None:
    chance = Random(seed)
    days = chance.choice([70, 130, 200])
    every, today = spans_of(chance, chance.choice([60, 150, 300]), days), FIRST + timedelta(days=days)
    ages = [int(chance.expovariate(1 / 10)) for _ in range(chance.choice([1, 2, 5]))]
    lives, p = lives_of(every), chance.choice([P50, P85, Fraction(95, 100)])
    found = r.backtest(lives, ages, p, today=today.toordinal())
    slow = past(every, ages, p, today)
    assert [(t.origin, t.expected, t.promised, t.calibrated, t.realised, t.over) for t in found] == [
        (t.origin, t.expected, t.promised, t.calibrated, t.realised, t.over) for t in slow
    ]
    known = r.known(lives, today.toordinal())
    assert known.days(ages, p) == days_for(every, today, ages, p)
    for ago in range(0, days, 3):
        on = today - timedelta(days=ago)
        like = like_ones(every, on, ages)
        wanted = None if like is None else sorted(r.RUNNING if one[1] is None else one[1].toordinal() for one in like)
        taken = lives.like(on.toordinal(), ages)
        assert (None if taken is None else sorted(taken)) == wanted


def test_there_are_calibrated_forecasts_among_them() -> None:
    """What is compared above would else be little."""
    every, today = spans_of(Random(5), 300, 200), FIRST + timedelta(days=200)
    found = r.backtest(lives_of(every), [3, 9], P85, today=today.toordinal())
    assert sum(t.calibrated for t in found) > 5
    assert {t.hit for t in found if t.counts(t.promised)} == {True, False}


def test_a_ticket_older_than_all_that_finished_has_no_forecast() -> None:
    lengths = r.Lengths({4: 9, 30: 10})
    assert lengths.days([3], P50) == 27
    assert lengths.days([29], P85) == 1
    assert lengths.days([30], P50) is None
    assert lengths.days([3, 30], P50) is None
    assert r.Lengths({}).days([0], P50) is None


def test_all_of_several_take_longer_than_each() -> None:
    """Ten loops of each of ten lengths: one has an even chance in five days, two together √½ of ten."""
    lengths = r.Lengths(dict.fromkeys(range(1, 11), 10))
    assert lengths.days([0], P50) == 5
    assert lengths.days([0, 0], P50) == 8
    assert (lengths.days([0, 5], P50), lengths.days([0, 5], P85)) == (5, 9)


def test_a_past_forecast_does_not_change_when_more_becomes_known() -> None:
    every, today = spans_of(Random(8), 250, 190), FIRST + timedelta(days=190)
    full = r.backtest(lives_of(every), [2, 7], P85, today=today.toordinal())
    then = FIRST + timedelta(days=120)
    known = [
        (began, None if ended is None or ended > then else ended, number)
        for began, ended, number in every
        if began <= then
    ]
    told = r.backtest(lives_of(known), [2, 7], P85, today=then.toordinal())
    assert len(told) > 5
    assert [(t.origin, t.expected, t.promised) for t in told] == [
        (t.origin, t.expected, t.promised) for t in full[: len(told)]
    ]
