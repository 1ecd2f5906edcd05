"""What takes long is computed once for the same arguments, by whichever process comes first."""

from __future__ import annotations

import importlib
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from rnd.cycles.analysis import remembered as memory
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


def test_what_another_version_computed_is_computed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for answer in (1, 2, 1):
        (tmp_path / "versioned.py").write_text(f"def answer(of):\n    return {answer}\n")
        # As after a restart: the module is read again, and what was noted of it is gone.
        sys.modules.pop("versioned", None)
        importlib.invalidate_caches()
        memory._told_by.cache_clear()
        assert remembered(importlib.import_module("versioned").answer, 5) == answer
    sys.modules.pop("versioned")
