"""The cumulative flow, once more by looking at the tickets one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from rnd.cycles.analysis import flow
from rnd.cycles.clock.moments import to_us
from rnd.cycles.clock.stages import Stage
from rnd.cycles.filters import Filters
from tests.cycles.measured import NOW, World
from tests.cycles.world import DAY0

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rolled_up", [True, False])
def test_the_flow_never_falls_and_its_gap_is_the_wip_of_every_day(world: World, rolled_up: bool) -> None:
    filters = world.filters() if rolled_up else Filters(zone=world.zone)
    counted = [way for way in world.ways.values() if not way.excluded]
    with clock.at(NOW):
        found = flow.cumulative_flow(SYSTEM, filters)
        assert found.rolled_up is rolled_up
        for line in found.lines.values():
            assert list(line) == sorted(line)
        for place, stage in enumerate(Stage):
            arrivals = [world.day(mark) for way in counted if (mark := way.reached[place]) is not None]
            expected = [sum(arrival <= day for arrival in arrivals) for day in found.days[::37]]
            assert list(found.lines[stage.value])[::37] == expected
        for day, wip in list(zip(found.days, found.wip, strict=True))[::19]:
            open_then = [
                way
                for way in counted
                if world.day(way.started_at) <= day and not (way.finished_at and world.day(way.finished_at) <= day)
            ]
            assert wip == len(open_then)
        assert flow.still_open(SYSTEM, filters) == found.wip[-1]
        assert [sum(band) for band in zip(*found.bands().values(), strict=True)] == found.wip
        done = flow.throughput(SYSTEM, filters)
        finishes = Counter(world.day(way.finished_at or 0) for way in world.finished())
        assert {d: n for d, n in zip(done.days, done.finished, strict=True) if n} == dict(finishes)
        assert sum(count for _week, count in done.weeks) == len(world.finished())


def test_the_period_only_cuts_the_flow(world: World) -> None:
    since, until = (DAY0 + timedelta(days=100)).date(), (DAY0 + timedelta(days=200)).date()
    with clock.at(NOW):
        whole = flow.cumulative_flow(SYSTEM, world.filters())
        cut = flow.cumulative_flow(SYSTEM, world.filters(since=since, until=until))
    place = whole.days.index(since)
    assert cut.days == whole.days[place : place + 101]
    assert cut.wip == whole.wip[place : place + 101]


def test_a_reporter_sees_the_flow_of_the_own_team_only(world: World) -> None:
    with clock.at(NOW):
        found = flow.cumulative_flow(world.cast.actor("olena"), world.filters())
        assert flow.still_open(world.cast.actor("olena"), world.filters()) == found.wip[-1]
    mine = [way for way in world.ways_where(team_id=world.cast.north.pk) if not way.excluded]
    assert found.rolled_up is False
    assert found.lines["transit"][-1] == len(mine)


def test_what_came_in_at_midnight_belongs_to_the_zones_day(world: World) -> None:
    moment = datetime(2026, 7, 1, 0, 30, tzinfo=world.zone)
    assert world.day(to_us(moment)) == date(2026, 7, 1)
