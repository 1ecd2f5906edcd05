"""Finished loops by column give the figures of the rows, however many blocks are fresh and wherever a period cuts."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.accounts.actors import SYSTEM, actor_of
from rnd.cycles import selection
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.blocks import refresh_blocks
from rnd.cycles.days import month_of, slab_of, week_of
from rnd.cycles.figures import percentile
from rnd.cycles.filters import Filters
from rnd.cycles.measures import EXPRESSIONS
from rnd.cycles.models import Slab
from tests.cast import Cast
from tests.cycles.world import project, random_loops

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filters(cast: Cast) -> Filters:
    random_loops(cast, 31, 120)
    project()
    return Filters(programme=cast.programme.slug, zone=ZoneInfo(cast.programme.time_zone))


@pytest.fixture(params=["sorted", "searched"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take both ways to a rank: with few values all are sorted, with many they are searched between samples."""
    if request.param == "searched":
        monkeypatch.setattr(selection, "FEW", 0)
        monkeypatch.setattr(selection, "SAMPLE", 12)
        monkeypatch.setattr(selection, "TRIES", 9)
        monkeypatch.setattr(selection, "_margin", lambda pieces: 1)


def by_rows(filters: Filters) -> Finished:
    """Give the same loops with no way to their columns."""
    found = Finished(SYSTEM, filters)
    found.__dict__["columns"] = None
    return found


def values_of(found: Finished, measure: str) -> list[int]:
    """Give the values of a measure, read one by one."""
    query, params = found.loops.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {EXPRESSIONS[measure]} FROM ({query}) AS cycles_loop", params)
        return sorted(int(value) for (value,) in cursor.fetchall() if value is not None)


def assert_same(filters: Filters) -> None:
    columns, rows = Finished(SYSTEM, filters), by_rows(filters)
    assert columns.columns is not None
    for measure in EXPRESSIONS:
        values = values_of(rows, measure)
        ps = [Fraction(1, 2), Fraction(85, 100), Fraction(95, 100)]
        assert columns.percentiles(measure) == Ranked(len(values), tuple(percentile(values, p) for p in ps))
        assert rows.percentiles(measure) == columns.percentiles(measure)
    assert columns.sums == rows.sums
    assert columns.modes == rows.modes
    assert columns.passes() == rows.passes()
    edges = [0, 10**10, 3 * 10**11, 10**15]
    totals = values_of(rows, "total_us")
    assert columns.count_below(edges) == [sum(total < edge for total in totals) for edge in edges]
    assert rows.count_below(edges) == columns.count_below(edges)
    for first, last in ((1, len(totals)), (len(totals) // 2 or 1, len(totals) * 3 // 4 or 1)):
        if totals:
            inside = columns.between(first, last).values_list("pk", flat=True)
            assert sorted(inside) == sorted(rows.between(first, last).values_list("pk", flat=True))
            assert len(inside) == last - first + 1


def asked(filters: Filters, cast: Cast) -> list[Filters]:
    """Give the same report narrowed in every way that blocks know."""
    firsts = sorted(Slab.objects.values_list("first", flat=True))
    some = firsts[len(firsts) // 3]
    narrowed: list[dict[str, Any]] = [
        {},
        {"component": cast.radio.slug},
        {"platform": cast.platform.slug, "severity": "S2"},
        {"passes": 2},
        {"since": some},
        {"since": some + timedelta(days=2), "until": firsts[-2] + timedelta(days=1)},
        {"until": some - timedelta(days=1), "severity": "S1"},
        {"component": "no-such"},
        {"team": cast.north.slug},
        {"team": cast.east.slug, "passes": 1, "since": some + timedelta(days=2)},
        {"team": "no-such"},
        {"since": firsts[-1] + timedelta(days=400)},
    ]
    return [filters.but(**one) for one in narrowed]


@pytest.mark.parametrize("fresh", [0, 7, None])
def test_columns_give_what_rows_give(cast: Cast, filters: Filters, way: None, fresh: int | None) -> None:
    refresh_blocks(limit=fresh)
    for one in asked(filters, cast):
        assert_same(one)


def test_a_change_makes_its_slabs_stale_and_nothing_else(cast: Cast, filters: Filters) -> None:
    assert refresh_blocks() == Slab.objects.count() > 10
    assert refresh_blocks() == 0
    random_loops(cast, 32, 3)
    project()
    stale = [slab for slab in Slab.objects.all() if slab.computed < slab.version]
    assert 0 < len(stale) <= 3
    assert_same(filters)
    assert refresh_blocks(limit=1) == 1
    assert_same(filters)
    refresh_blocks()
    assert_same(filters)


def test_what_divides_no_blocks_is_read_by_row(cast: Cast, filters: Filters) -> None:
    manager, reporter = actor_of(cast.ingrid), actor_of(cast.olena)
    assert Finished(manager, filters).columns is not None
    assert Finished(reporter, filters).columns is None
    of_team = filters.but(team=cast.north.slug)
    assert Finished(SYSTEM, of_team).columns is not None
    assert Finished(SYSTEM, of_team.but(severity="S2")).columns is None
    assert Finished(SYSTEM, of_team.but(component=cast.radio.slug)).columns is None
    assert Finished(SYSTEM, of_team).alike(cast.programme, "S2").columns is None
    assert Finished(SYSTEM, filters.but(hardware=cast.rev_a.pk)).columns is None
    assert Finished(SYSTEM, filters.but(release=1)).columns is None
    other = filters.but(zone=ZoneInfo("Pacific/Auckland"))
    assert Finished(SYSTEM, other).columns is not None
    assert Finished(SYSTEM, other.but(since=date(2020, 1, 1))).columns is None


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
@settings(max_examples=300, deadline=None)
def test_weeks_and_months_are_made_of_whole_slabs(day: date) -> None:
    first, following = slab_of(day)
    assert first <= day < following
    days = [first + timedelta(days=number) for number in range((following - first).days)]
    assert {week_of(one) for one in days} == {week_of(day)}
    assert {month_of(one) for one in days} == {month_of(day)}
    before = first - timedelta(days=1)
    assert (week_of(before), month_of(before)) != (week_of(day), month_of(day))
    assert slab_of(following)[0] == following
