"""Two reports side by side: their charts count in one unit and end at one height, however much they differ."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rnd.cycles.actions import project_tickets
from rnd.cycles.views import ABOVE
from tests.cast import Cast
from tests.cycles.pages import chart, page
from tests.cycles.world import DAY0, quick_loop

HOUR = 3_600_000_000
QUERY = {"programme": "sokil", "severity": "S1", "against": "other", "vs-severity": "S2"}


def short_and_long(cast: Cast) -> None:
    """Twelve loops of S1 that take three hours in each stage, and twelve of S2 that take two days in each."""
    made = [
        quick_loop(cast, seen=DAY0 + timedelta(days=n), lengths=[length] * 9, severity=severity).pk
        for n in range(12)
        for severity, length in (("S1", 3 * HOUR), ("S2", 48 * HOUR))
    ]
    project_tickets(ticket_ids=made)


def both(cast: Cast, report: str, section: str) -> tuple[Any, Any]:
    text = page(cast.client_of("solveig"), f"/reports/{report}/", **QUERY)
    return chart(text, section), chart(text, f"{section}-beside")


@pytest.mark.django_db
def test_hours_beside_days_are_drawn_in_days_too(cast: Cast) -> None:
    short_and_long(cast)
    alone = page(cast.client_of("solveig"), "/reports/stages/", programme="sokil", severity="S1")
    assert chart(alone, "components")["unit"] == "h"
    short, long = both(cast, "stages", "components")
    assert (short["unit"], long["unit"]) == ("d", "d")
    assert {tuple(series["values"]) for series in short["series"]} == {(0.13,)}
    assert {tuple(series["values"]) for series in long["series"]} == {(2.0,)}
    assert short["most"] == long["most"] == 18


@pytest.mark.django_db
def test_levels_are_drawn_in_the_shared_unit_below_the_shared_end(cast: Cast) -> None:
    short_and_long(cast)
    short, long = both(cast, "times", "dots")
    assert {level["value"] for level in short["levels"]} == {1.13}
    assert {level["value"] for level in long["levels"]} == {18.0}
    assert short["most"] == long["most"] == 18 * ABOVE


@pytest.mark.django_db
def test_counts_end_at_one_height(cast: Cast) -> None:
    short_and_long(cast)
    project_tickets(ticket_ids=[quick_loop(cast, seen=DAY0, lengths=[3 * HOUR] * 9, severity="S1").pk])
    some, other = both(cast, "times", "histogram")
    assert (some["unit"], other["unit"]) == ("", "")
    assert (max(some["series"][0]["values"]), max(other["series"][0]["values"])) == (13, 12)
    assert some["most"] == other["most"] == 13
