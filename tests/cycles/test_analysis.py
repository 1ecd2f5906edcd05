"""Every figure of the reports, once more by looking at the tickets one by one, on random worlds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Any

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from rnd.cycles.actions import set_baseline, set_service_level
from rnd.cycles.analysis import ageing, chances, glance, prospects, quality, shape, stages
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.clock.moments import to_us
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.models import ServiceLevel
from tests.cycles.measured import DAY, NOW, World
from tests.cycles.world import DAY0

pytestmark = pytest.mark.django_db


def assert_ranked(found: Ranked, values: Sequence[int]) -> None:
    ordered = sorted(values)
    assert found.n == len(ordered)
    for percentile in found.percentiles:
        rank = ceil(percentile.p * len(ordered))
        assert percentile.value == (ordered[rank - 1] if len(ordered) >= 10 else None)
        if percentile.low is not None and percentile.value is not None:
            assert percentile.low <= percentile.value


FILTERS: list[dict[str, Any]] = [{}, {"severity": "S1"}, {"component": "radio"}, {"passes": 1}]


@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_the_glance_and_the_shape_equal_the_tickets(world: World, asked: dict[str, Any]) -> None:
    if "component" in asked:
        asked = {"component": world.cast.radio.slug}
    wanted = {"component": {"component_id": world.cast.radio.pk}}.get(next(iter(asked), ""), asked)
    if "passes" in wanted:
        wanted = {}  # every loop of this world has one
    filters, done = world.filters(**asked), world.finished(**wanted)
    with clock.at(NOW):
        found = glance.glance(SYSTEM, filters)
        assert_ranked(found.loop, [way.total for way in done])
        assert_ranked(found.first_finish, [way.first_total or 0 for way in done])
        months = Counter(world.day(way.finished_at or 0).replace(day=1) for way in done)
        by_month = glance.trend(SYSTEM, filters.but(by="month")).points
        assert {p.first: p.ranked.n for p in by_month if p.ranked.n} == dict(months)
        for point in by_month:
            assert_ranked(
                point.ranked, [w.total for w in done if world.day(w.finished_at or 0).replace(day=1) == point.first]
            )
        bars = shape.histogram(SYSTEM, filters)
        assert sum(bar.n for bar in bars.bars) == bars.n == len(done)
        for bar in bars.bars:
            assert bar.n == sum(
                bar.since_us <= w.total and (bar.until_us is None or w.total < bar.until_us) for w in done
            )
        dots = shape.scatter(SYSTEM, filters)
        assert sorted(dot.total_us for dot in dots.dots) == sorted(way.total for way in done)


def test_time_by_stage_and_mode_adds_up_and_the_band_is_around_the_p85(world: World) -> None:
    done = world.finished()
    found = stages.where_time_goes(SYSTEM, world.filters())
    ordered = sorted(done, key=lambda way: way.total)
    band = ordered[ceil(Fraction(80, 100) * len(done)) - 1 : ceil(Fraction(90, 100) * len(done))]
    assert found.band.n == len(band)
    assert found.band.total == sum(way.total for way in band)
    for stage in Stage:
        assert found.all.stages[stage] == sum(way.stages[stage] or 0 for way in done)
        assert found.band.stages[stage] == sum(way.stages[stage] or 0 for way in band)
        visits = [length for way in done if (length := way.stages[stage]) is not None]
        assert_ranked(found.stage_percentiles[stage], visits)
        for mode in Mode:
            parts = [s.length for way in done for s in way.segments if (s.stage, s.mode) == (stage, mode)]
            assert found.modes[stage][mode] == sum(parts)
    means = found.band_means()
    assert abs(sum(means.values()) - Fraction(found.band.total, found.band.n)) <= Fraction(1, 2)
    assert all(abs(means[stage] - Fraction(found.band.stages[stage], found.band.n)) < 1 for stage in Stage)
    passes = stages.passes(SYSTEM, world.filters())
    assert passes.by_count == Counter(way.passes for way in done)
    assert sum(passes.time_in_pass) == passes.total_us == sum(way.total for way in done)
    assert passes.rework_us == sum(way.rework for way in done)
    worst = stages.bottleneck(SYSTEM, world.filters()).worst
    assert worst is not None
    sums = {stage: sum(way.stages[stage] or 0 for way in done) for stage in Stage}
    assert worst.sum_us == max(sums.values())
    assert worst.saves == Fraction(sums[worst.stage], 2)
    remaining = [2 * way.total - (way.stages[worst.stage] or 0) for way in done]
    assert_ranked(worst.after, remaining)


def test_ages_chances_and_breaches_are_counted_from_what_finished(world: World) -> None:
    manager = world.cast.actor("solveig")
    for severity, days in (("S1", 2), ("S2", 70), ("S3", 3000)):
        set_service_level(actor=manager, programme=world.cast.programme, severity=severity, days=days)
    now = to_us(NOW)
    found = ageing.ages(SYSTEM, world.filters(), now=NOW)
    open_ones = {
        t.pk: world.ways[t.pk] for t in world.tickets if world.ways[t.pk].running and not world.ways[t.pk].excluded
    }
    assert [a.loop.pk for a in found.tickets] == sorted(open_ones, key=lambda pk: (open_ones[pk].started_at, pk))
    limits = {"S1": 2 * DAY, "S2": 70 * DAY, "S3": 3000 * DAY}
    for ticket in found.tickets:
        way = open_ones[ticket.loop.pk]
        assert way.running is not None
        assert (ticket.age_us, ticket.stage) == (now - way.started_at, way.running.stage)
        assert ticket.stage_age_us == now - way.running.entered
        limit = limits.get(ticket.loop.severity)
        older = [w.total for w in world.finished(severity=ticket.loop.severity) if w.total > ticket.age_us]
        if limit is None:
            assert ticket.outlook == chances.NO_LEVEL
        elif ticket.age_us > limit:
            assert ticket.outlook == chances.MISSED
        elif len(older) < 10:
            assert ticket.outlook == chances.UNKNOWN
        else:
            assert ticket.chance == Fraction(sum(total <= limit for total in older), len(older))
            assert (ticket.outlook == chances.AT_RISK) == (ticket.chance < Fraction(1, 2))
    assert found.wip == {
        stage: sum(way.running.stage == stage for way in open_ones.values() if way.running) for stage in Stage
    }
    for kept in chances.kept(SYSTEM, world.filters(), world.cast.programme):
        totals = [way.total for way in world.finished(severity=kept.level.severity)]
        assert (kept.hits, kept.n) == (sum(t <= limits[kept.level.severity] for t in totals), len(totals))


def test_a_breach_is_foreseen_from_those_that_lived_as_long(world: World) -> None:
    level = ServiceLevel(severity="S1", percent=85, days=10)

    def outlook(age_days: int, loops: int) -> tuple[Fraction | None, int, str]:
        """Of `loops` loops of a day, two days and so on."""
        some = chances.Alike(Finished(SYSTEM, world.filters()), level, 10 * DAY, loops, min(loops, 10), None, None)
        return chances.prospect(age_days * DAY, some, min(age_days, loops))

    assert outlook(0, 30) == (Fraction(10, 30), 30, chances.AT_RISK)
    assert outlook(11, 30)[2] == chances.MISSED
    assert outlook(0, 12)[2] == chances.ON_TRACK
    assert outlook(5, 12) == (None, 7, chances.UNKNOWN)
    assert chances.prospect(0, None, 0)[2] == chances.NO_LEVEL


def test_the_counts_of_ages_are_those_of_all_tickets_though_few_are_listed(world: World) -> None:
    manager = world.cast.actor("solveig")
    for severity, days in (("S1", 2), ("S2", 70), ("S3", 100)):
        set_service_level(actor=manager, programme=world.cast.programme, severity=severity, days=days)
    whole = ageing.ages(SYSTEM, world.filters(), now=NOW, tickets=10_000, risky=None)
    few = ageing.ages(SYSTEM, world.filters(), now=NOW, tickets=3, risky=2)
    assert len(whole.tickets) == whole.n > 3
    assert whole.oldest_us == max(one.age_us for one in whole.tickets)
    assert dict(Counter(one.outlook for one in whole.tickets)) == {k: n for k, n in whole.outlooks.items() if n}
    for stage, found in whole.by_stage.items():
        here = [one for one in whole.tickets if one.stage == stage]
        late = tuple(sum(one.reached >= percent for one in here) for percent in (50, 85, 95))
        known = stage in whole.stages and not whole.stages[stage].percentiles[0].hidden
        assert (found.n, found.beyond) == (len(here), late if known else None)
        assert sum(part or 0 for part in found.parts) == found.n
        assert found.parts[-1] == (0 if known else found.n)
        assert found.longest_us == max((one.stage_age_us for one in here), default=None)
    risky = [one for one in whole.tickets if one.outlook == chances.AT_RISK]
    assert whole.about_to_miss == sorted(risky, key=lambda one: (one.chance, one.due_in_us))
    assert (few.n, few.outlooks, few.by_stage) == (whole.n, whole.outlooks, whole.by_stage)
    assert (few.tickets, few.about_to_miss) == (whole.tickets[:3], whole.about_to_miss[:2])


def test_compression_is_the_baselines_median_over_the_present_one(world: World) -> None:
    first, last = DAY0.date(), (DAY0 + timedelta(days=170)).date()
    set_baseline(actor=world.cast.actor("solveig"), programme=world.cast.programme, first=first, last=last)
    since = last + timedelta(days=1)
    found = glance.compressed(SYSTEM, world.filters(since=since))
    assert found is not None
    before = sorted(w.total for w in world.finished() if first <= world.day(w.finished_at or 0) <= last)
    after = sorted(w.total for w in world.finished() if world.day(w.finished_at or 0) >= since)
    assert (found.loop.before.n, found.loop.now.n) == (len(before), len(after))
    assert min(len(before), len(after)) >= 10
    ratio = Fraction(before[ceil(len(before) / 2) - 1], after[ceil(len(after) / 2) - 1])
    assert found.loop.ratio == ratio
    assert found.loop.low is None or found.loop.low <= ratio
    assert found.loop.high is None or found.loop.high >= ratio


def test_prospects_are_made_from_whole_days_only(world: World) -> None:
    with clock.at(DAY0 + timedelta(days=300)):
        found = prospects.prospects(SYSTEM, world.filters(), n=5)
        asked = prospects.what_ifs(SYSTEM, world.filters(), engineers=3)
    today = (DAY0 + timedelta(days=300)).astimezone(world.zone).date() - timedelta(days=1)
    finishes = Counter(world.day(way.finished_at or 0) for way in world.finished())
    assert found.today == today
    assert sum(found.history) == sum(n for day, n in finishes.items() if day <= today)
    promised = [found.when[p].raw for p in prospects.PROMISES]
    assert promised == sorted(promised, key=lambda days: days or 0)
    assert asked.throughput == Fraction(sum(found.history[-90:]), 90)
    assert asked.half_the_wip is not None
    assert asked.half_the_wip.loop_after <= asked.half_the_wip.loop_before


def test_quality_counts_what_is_moved_left_out_or_not_recorded(world: World) -> None:
    found = quality.quality(SYSTEM, world.filters())
    assert found.loops == len(world.tickets)
    assert found.moved_n == sum(bool(way.moved) for way in world.ways.values())
    assert found.unrecorded_n == sum(not way.modes_recorded for way in world.finished())
    assert found.left_out == Counter(way.excluded for way in world.ways.values() if way.excluded)
    assert (found.without_loop_n, found.old_definition) == (0, 0)
