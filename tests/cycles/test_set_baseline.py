"""A manager fixes what a programme compares itself with."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit.errors import Forbidden, Invalid
from rnd.cycles import levels
from rnd.cycles.actions import import_history, set_baseline, set_service_level
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
    assert Entry.objects.latest("pk").payload.sentence() == "set the baseline from 1 Jan 2026 to 31 Mar 2026"


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
    assert refused.value.message.startswith("The baseline would end on 1 Jan 2026, before it begins on 31 Mar 2026.")


@pytest.mark.parametrize(("language", "days"), [("uk", ("1 січ", "31 бер")), ("nb", ("1 jan", "31 mar"))])
def test_what_is_wrong_with_its_days_is_said_as_the_reader_writes_days(
    cast: Cast, language: str, days: tuple[str, str]
) -> None:
    given: dict[str, Any] = {"actor": cast.actor("solveig"), "programme": cast.programme}
    with translation.override(language):
        with pytest.raises(Invalid) as refused:
            set_baseline(**given, first=MARCH, last=JANUARY)
        assert all(day in refused.value.message for day in days)
        assert "2026-" not in refused.value.message
        with pytest.raises(Invalid) as refused:
            set_baseline(**given, first=date(1, 1, 1), last=MARCH)
        assert refused.value.message.startswith(days[0])


@pytest.mark.parametrize(("first", "last"), [(date(1, 1, 1), MARCH), (JANUARY, date(9999, 12, 31))])
def test_a_baseline_lies_in_the_calendar_that_reports_count_in(cast: Cast, first: date, last: date) -> None:
    with pytest.raises(Invalid) as refused:
        set_baseline(actor=cast.actor("solveig"), programme=cast.programme, first=first, last=last)
    assert refused.value.code == "baseline.out_of_calendar"


def test_nothing_is_set_beside_an_imported_history(cast: Cast) -> None:
    import_history(actor=SYSTEM, programme=cast.programme, source="old", cases=CASES, mapping=MAPPING)
    solveig, slug = cast.actor("solveig"), cast.programme.slug
    set_baseline(actor=solveig, programme=cast.programme, first=JANUARY, last=MARCH, source="old")
    answer = cast.client_of("solveig").get("/reports/", {"programme": slug, "against": "baseline"})
    assert answer.status_code == 422
    assert "The baseline of this programme is the imported history “old”" in answer.content.decode()


def test_what_was_set_stands_by_when_it_was_set(cast: Cast) -> None:
    solveig = cast.actor("solveig")
    for severity in ("S1", "S2"):
        set_service_level(actor=solveig, programme=cast.programme, severity=severity, days=20)
        set_baseline(actor=solveig, programme=cast.programme, first=JANUARY, last=MARCH)
    text = cast.client_of("solveig").get(f"/reports/levels/{cast.programme.slug}/").content.decode()
    history = text[text.index('id="history"') :]
    assert re.findall(r">S\d<|Baseline:", history) == ["Baseline:", ">S2<", "Baseline:", ">S1<"]


def test_only_a_manager_sets_it(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        set_baseline(actor=cast.actor("magnus"), programme=cast.programme, first=JANUARY, last=MARCH)
