"""What takes long is computed once for the same arguments, by whichever process comes first."""

from __future__ import annotations

from fractions import Fraction

from rnd.cycles.analysis.remembered import remembered
from rnd.cycles.statistics.forecast import backtest

CALLS: list[tuple[object, ...]] = []


def counted(days: list[int], n: int, p: Fraction, *, step: int = 1) -> int | None:
    CALLS.append((tuple(days), n, p, step))
    return None if n == 0 else n * step


def test_the_same_question_is_asked_once() -> None:
    CALLS.clear()
    days = [1, 2, 3]
    for _time in range(2):
        assert remembered(counted, days, 5, Fraction(1, 3)) == 5
        assert remembered(counted, days, 0, Fraction(1, 3)) is None
        assert remembered(counted, days, 5, Fraction(1, 3), step=2) == 10
    assert len(CALLS) == 3
    assert remembered(counted, [1, 2, 4], 5, Fraction(1, 3)) == 5
    assert remembered(counted, days, 5, Fraction(2, 3)) == 5
    assert len(CALLS) == 5


def test_past_forecasts_come_back_as_they_were() -> None:
    days = [place % 4 for place in range(200)]
    first = remembered(backtest, days, 10, Fraction(85, 100), begins=0)
    assert first == backtest(days, 10, Fraction(85, 100), begins=0)
    assert first == remembered(backtest, days, 10, Fraction(85, 100), begins=0)
    assert first != remembered(backtest, days, 10, Fraction(85, 100), begins=1)
    assert len(first) > 10
