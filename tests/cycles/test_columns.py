"""Finished loops by column give the figures of the rows, however many slabs are fresh and wherever a period cuts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.accounts.actors import SYSTEM, actor_of
from rnd.cycles.analysis import flow
from rnd.cycles.analysis.by_column import ByColumn
from rnd.cycles.analysis.by_row import ByRow
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.flow import cumulative_flow
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.facts.columnar import ranks
from rnd.cycles.facts.columnar.loops import NAMES, refresh_loops
from rnd.cycles.facts.days import month_of, slab_of, week_of
from rnd.cycles.filters import Filters
from rnd.cycles.measures import EXPRESSIONS, FIRST, TOTAL
from rnd.cycles.models import LoopColumn, Slab, WorkSlab
from rnd.cycles.statistics.figures import PERCENTILES, percentile
from rnd.cycles.tasks import keep_reports
from tests.cast import Cast
from tests.cycles.world import project, random_loops

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filters(cast: Cast) -> Filters:
    random_loops(cast, 31, 120)
    project()
    return Filters(programme=cast.programme.slug, zone=ZoneInfo(cast.programme.time_zone))


def by_rows(filters: Filters) -> Finished:
    """Give the same loops, with no way to their columns."""
    found = Finished(SYSTEM, filters)
    found.counted = ByRow(found.loops, filters.zone)
    return found


def values_of(found: Finished, measure: str) -> list[int]:
    """Give the values of a measure, read one by one."""
    query, params = found.loops.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {EXPRESSIONS[measure]} FROM ({query}) AS cycles_loop", params)
        return sorted(int(value) for (value,) in cursor.fetchall() if value is not None)


def assert_same(filters: Filters, measures: Iterable[str] = (TOTAL, FIRST, "build_us", "without_half_test")) -> None:
    columns, rows = Finished(SYSTEM, filters), by_rows(filters)
    assert isinstance(columns.counted, ByColumn)
    together = columns.percentiles_of(list(measures))
    assert rows.percentiles_of(list(measures)) == together
    for measure, told in together.items():
        values = values_of(rows, measure)
        assert told == Ranked(len(values), tuple(percentile(values, p) for p in PERCENTILES))
        assert columns.percentiles(measure) == told
    assert columns.sums == rows.sums
    assert columns.modes == rows.modes
    assert columns.recorded() == rows.recorded() == (rows.sums.n, rows.sums.recorded_n)
    assert columns.passes() == rows.passes()
    assert columns.trend() == rows.trend()
    assert sorted(columns.groups(), key=str) == sorted(rows.groups(), key=str)
    edges = [0, 10**10, 3 * 10**11, 10**15]
    totals = values_of(rows, "total_us")
    assert columns.count_below(edges) == [sum(total < edge for total in totals) for edge in edges]
    assert rows.count_below(edges) == columns.count_below(edges)
    for first, last in ((1, len(totals)), (len(totals) // 2 or 1, len(totals) * 3 // 4 or 1)):
        if totals:
            band = columns.band(first, last)
            assert (band.n, band.total) == (last - first + 1, sum(totals[first - 1 : last]))
            assert band == rows.band(first, last)


def asked(filters: Filters, cast: Cast) -> list[Filters]:
    """Give the same report narrowed in many ways."""
    firsts = sorted(Slab.objects.values_list("first", flat=True))
    some = firsts[len(firsts) // 3]
    narrowed: list[dict[str, Any]] = [
        {"component": cast.radio.slug},
        {"platform": cast.platform.slug, "severity": "S2"},
        {"passes": 2, "by": "week"},
        {"since": some},
        {"since": some + timedelta(days=2), "until": firsts[-2] + timedelta(days=1), "by": "week"},
        {"until": some - timedelta(days=1), "severity": "S1"},
        {"component": "no-such"},
        {"team": cast.north.slug, "component": cast.radio.slug, "severity": "S3"},
        {"team": cast.east.slug, "passes": 1, "since": some + timedelta(days=2)},
        {"hardware": cast.rev_a.pk},
        {"hardware": cast.rev_a.pk + 1},
        {"release": 1, "severity": "S2"},
        {"release": 2},
        {"team": "no-such"},
        {"severity": "S2", "by": "quarter"},
        {"zone": ZoneInfo("Pacific/Auckland"), "until": firsts[-2], "by": "quarter"},
        {"since": firsts[-1] + timedelta(days=400)},
        {"zone": ZoneInfo("Pacific/Auckland"), "since": some + timedelta(days=3), "by": "week"},
    ]
    return [filters.but(**one) for one in narrowed]


@pytest.mark.parametrize(("fresh", "held"), [(0, ranks.HELD), (7, 8), (None, ranks.HELD)])
def test_columns_give_what_rows_give(
    cast: Cast, filters: Filters, monkeypatch: pytest.MonkeyPatch, fresh: int | None, held: int
) -> None:
    """Few values are held and sorted; of many it is counted first in which bin they lie."""
    monkeypatch.setattr(ranks, "HELD", held)
    refresh_loops(limit=fresh)
    assert_same(filters, EXPRESSIONS)
    for one in asked(filters, cast):
        assert_same(one)


def test_the_flow_of_what_finished_is_counted_by_column_and_of_the_rest_by_row(
    cast: Cast, filters: Filters, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_loops(limit=20)
    for one in (filters.but(severity="S2"), filters.but(team=cast.east.slug, component=cast.radio.slug)):
        by_column = cumulative_flow(SYSTEM, one)
        assert by_column.lines["finished"][-1] > 0
        with monkeypatch.context() as patched:
            patched.setattr(flow, "finished_loops", lambda _actor, _filters: None)
            assert cumulative_flow(SYSTEM, one) == by_column


def test_a_change_makes_its_slabs_stale_and_nothing_else(cast: Cast, filters: Filters) -> None:
    assert refresh_loops() == Slab.objects.count() > 10
    assert refresh_loops() == 0
    assert LoopColumn.objects.count() == len(NAMES) * Slab.objects.count()
    random_loops(cast, 32, 3)
    project()
    stale = [slab for slab in Slab.objects.all() if slab.computed < slab.version]
    assert 0 < len(stale) <= 3
    assert_same(filters)
    assert refresh_loops(limit=1) == 1
    assert_same(filters)
    refresh_loops()
    assert_same(filters)


def test_what_an_update_leaves_stale_is_computed_where_no_entry_comes(cast: Cast, filters: Filters) -> None:
    for slabs in (Slab, WorkSlab):
        slabs.objects.update(version=F("version") + 1)
    keep_reports()
    for slabs in (Slab, WorkSlab):
        assert slabs.objects.exists()
        assert not slabs.objects.filter(computed__lt=F("version")).exists()


def test_who_sees_only_some_loops_of_a_programme_is_answered_by_row(cast: Cast, filters: Filters) -> None:
    assert isinstance(Finished(actor_of(cast.ingrid), filters).counted, ByColumn)
    reporter = Finished(actor_of(cast.olena), filters)
    assert isinstance(reporter.counted, ByRow)
    assert 0 < reporter.sums.n < Finished(SYSTEM, filters).sums.n
    elsewhere = Finished(actor_of(cast.ingrid), filters.but(programme="no-such"))
    assert elsewhere.sums.n == 0


@given(
    st.lists(st.lists(st.one_of(st.integers(0, 40), st.integers(0, 2**62)), max_size=40), max_size=6),
    st.sampled_from([0, 5, 1000]),
    st.lists(st.fractions(0, 1), max_size=4),
)
@settings(max_examples=300, deadline=None)
def test_any_rank_of_any_values_is_what_sorting_gives(
    pieces: list[list[int]], held: int, shares: list[Fraction]
) -> None:
    ordered = sorted(value for piece in pieces for value in piece)

    def ranks_of(n: int) -> set[int]:
        return {max(1, int(share * n)) for share in shares} if n else set()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ranks, "HELD", held)
        arrays = [numbers(piece) for piece in pieces]
        found = ranks.pick(lambda: arrays, ranks_of)
        assert ranks.below(arrays, [0, 7, 2**40]) == [sum(one < edge for one in ordered) for edge in (0, 7, 2**40)]
    assert found.n == len(ordered)
    assert found.values == {rank: ordered[rank - 1] for rank in ranks_of(len(ordered))}


def test_values_that_change_between_two_readings_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "HELD", 2)
    readings = iter([[5, 6, 7], [5, 6], [8, 9, 10, 11], [8, 9, 10, 11]])
    assert ranks.pick(lambda: [numbers(next(readings))], lambda n: {n}).values == {4: 11}


def numbers(values: list[int]) -> Any:
    return np.array(values, dtype=np.int64)


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
