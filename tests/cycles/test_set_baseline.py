"""A manager fixes what a programme compares itself with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit.errors import Forbidden, Invalid
from rnd.cycles import levels
from rnd.cycles.actions import import_history, set_baseline
from tests.cast import Cast
from tests.cycles.test_import_history import CASES, MAPPING

pytestmark = pytest.mark.django_db
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 31)


def test_the_newest_baseline_holds(cast: Cast) -> None:
    assert levels.baseline(cast.programme.pk) is None
    for last in (JANUARY, MARCH):
        set_baseline(actor=cast.actor("solveig"), programme=cast.programme, first=JANUARY, last=last)
    held = levels.baseline(cast.programme.pk)
    assert held is not None
    assert (held.first, held.last, held.source) == (JANUARY, MARCH, "")
    assert Entry.objects.filter(kind="programme.baseline_set").count() == 2


def test_a_baseline_may_be_an_imported_history_that_there_is(cast: Cast) -> None:
    given: dict[str, Any] = {
        "actor": cast.actor("solveig"),
        "programme": cast.programme,
        "first": JANUARY,
        "last": MARCH,
    }
    with pytest.raises(Invalid, match="Import it first"):
        set_baseline(**given, source="old")
    import_history(actor=SYSTEM, programme=cast.programme, source="old", cases=CASES, mapping=MAPPING)
    assert set_baseline(**given, source="old").source == "old"


def test_a_baseline_does_not_end_before_it_begins(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        set_baseline(actor=cast.actor("solveig"), programme=cast.programme, first=MARCH, last=JANUARY)
    assert refused.value.code == "baseline.reversed"


def test_only_a_manager_sets_it(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        set_baseline(actor=cast.actor("magnus"), programme=cast.programme, first=JANUARY, last=MARCH)
