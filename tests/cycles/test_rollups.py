"""The roll-ups say what counting the tickets one by one says, after any change of any of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline_feedback.models import Ticket
from rnd.cycles.clock.moments import from_us
from rnd.cycles.clock.stages import Stage
from rnd.cycles.facts import spans
from rnd.cycles.facts.days import date_of, days_of, following, month_of, numbers_of, week_of
from rnd.cycles.facts.raw import to_int
from rnd.cycles.facts.rollups import FLOW_COLUMNS
from rnd.cycles.models import Flow, Span
from tests.cast import Cast
from tests.cycles.slow_report import SlowReport, slow_report, ways_of
from tests.cycles.world import RandomJournal, project, random_loops

ZONES = ["Europe/Kyiv", "Europe/Oslo", "UTC", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]


def slow_flow(tickets: list[Ticket], zone: str) -> Counter[tuple[int, int, date, str]]:
    """Count the arrivals of every ticket by hand."""
    here, found, ways = ZoneInfo(zone), Counter[tuple[int, int, date, str]](), ways_of(tickets)
    for ticket in tickets:
        way = ways[ticket.pk]
        if way.excluded:
            continue
        ends = [*way.reached, way.finished_at]
        for name, mark in zip(FLOW_COLUMNS, ends, strict=True):
            if mark is not None:
                day = from_us(mark).astimezone(here).date()
                found[ticket.programme_id, ticket.component_id, day, name] += 1
    return found


def stored_flow() -> Counter[tuple[int, int, date, str]]:
    found = Counter[tuple[int, int, date, str]]()
    for row in Flow.objects.all():
        for name in FLOW_COLUMNS:
            found[row.programme_id, row.component_id, row.day, name] += getattr(row, name)
    return +found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_the_daily_flow_is_the_sum_over_the_tickets_whatever_changed(cast: Cast, seed: int) -> None:
    world = RandomJournal(cast, seed)
    zone = cast.programme.time_zone
    for _ in range(5):
        world.write(world.random.randint(1, 15))
        if world.random.random() < 0.3:
            Ticket.objects.filter(pk=world.random.choice(world.tickets).pk).update(component=cast.radio)
        project()
        touched = list(Ticket.objects.filter(loop__isnull=False).select_related(None))
        for ticket in touched:
            ticket.component_id = ticket.loop.component_id
        assert stored_flow() == slow_flow(touched, zone)


def assert_figures(figures: spans.Figures, slow: SlowReport) -> None:
    """Compare a span with a report over the same loops, made ticket by ticket."""
    assert figures.sums.n == len(slow.finished)
    assert figures.sums.total == sum(slow.totals)
    for stage in Stage:
        assert figures.sums.stages[stage] == sum(known.way.stages[stage] or 0 for known in slow.finished)
        assert figures.sums.visited[stage] == slow.visited(stage)
    assert figures.sums.first_time == sum(known.way.passes == 1 for known in slow.finished)
    assert figures.sums.rework == sum(known.way.rework for known in slow.finished)
    for found, ticket in zip(figures.percentiles, figures.tickets, strict=True):
        if len(slow.finished) < 10:
            assert (found.value, ticket) == (None, None)
        else:
            assert found.value == slow.percentile(found.percent)
            assert ticket in {known.ticket.pk for known in slow.finished if known.way.total == found.value}


@pytest.mark.django_db(transaction=True)
def test_weeks_and_months_are_exact_stale_or_computed(cast: Cast) -> None:
    tickets = random_loops(cast, 5, 90)
    project()
    programme = cast.programme
    zone = programme.time_zone

    def check() -> None:
        ways = ways_of(tickets)
        for by, first_of in (("week", week_of), ("month", month_of)):
            for component in (None, cast.radio):
                some = [t for t in tickets if component is None or t.component_id == component.pk]
                found = spans.read(programme.pk, zone, by, component.pk if component else None, since=None, until=None)
                finished = slow_report(some, zone=zone, ways=ways).finished
                firsts = {first_of(known.finished_day(ZoneInfo(zone))) for known in finished}
                assert {figures.first for figures in found if figures.sums.n} == firsts
                for figures in found:
                    until = following(figures.first, by) - timedelta(days=1)
                    assert_figures(figures, slow_report(some, zone=zone, since=figures.first, until=until, ways=ways))

    assert all(span.stale for span in Span.objects.all())
    check()
    assert spans.refresh_spans() == Span.objects.count()
    assert not any(span.stale for span in Span.objects.all())
    check()
    tickets += random_loops(cast, 6, 15)
    project()
    check()
    assert 0 < spans.refresh_spans(limit=3) <= 3
    check()


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1968, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),
)
@settings(max_examples=600, deadline=None)
def test_the_day_of_a_moment_is_the_zones_calendar_day(zone: str, moment: datetime) -> None:
    assert days_of(zone)(to_int(moment)) == moment.astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize("zone", ZONES)
def test_the_day_is_right_around_every_change_of_the_clocks(zone: str) -> None:
    here, day = ZoneInfo(zone), days_of(zone)
    moments = []
    for quarter in range(365 * 96):
        moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=15) * quarter
        moments += [moment - timedelta(microseconds=1), moment]
    days = [near.astimezone(here).date() for near in moments]
    told = [to_int(near) for near in moments]
    assert [day(near) for near in told] == days
    assert [date_of(number) for number in numbers_of(zone, np.array(told)).tolist()] == days


@given(
    st.sampled_from(ZONES),
    st.lists(st.datetimes(datetime(1968, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)), max_size=20),
)
@settings(max_examples=200, deadline=None)
def test_many_moments_lie_on_the_days_of_each(zone: str, moments: list[datetime]) -> None:
    told = np.array([to_int(moment) for moment in moments], np.int64)
    assert [date_of(day) for day in numbers_of(zone, told).tolist()] == [days_of(zone)(at) for at in told.tolist()]
