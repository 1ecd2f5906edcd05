"""Every figure of the report, against slow and obvious code; what it lets through, and to whom."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from rnd.cycles.clock.stages import Stage
from rnd.cycles.filters import Filters
from rnd.cycles.listing import Asked, loops
from rnd.cycles.models import Loop
from rnd.cycles.pages import PAGES, document
from rnd.cycles.presenting import chart_of
from rnd.cycles.reports import Summary, finished, summary
from tests.cast import Cast
from tests.cycles.slow_report import SlowReport, slow_report
from tests.cycles.world import hours, quick_loop, random_loops
from tests.house.rights import Role

HOUR = 3_600_000_000


@pytest.fixture
def world(cast: Cast) -> list[Ticket]:
    """Forty random loops, projected."""
    tickets = random_loops(cast, seed=7, count=40)
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    return tickets


def check(found: Summary, slow: SlowReport) -> None:
    """Compare every figure of a summary with the slow one."""
    assert found.n == len(slow.finished) > 0
    assert (found.still_open, found.left_out) == (slow.still_open, slow.left_out)
    for place in found.places:
        if found.n >= 10:
            assert place.percentile.value == slow.percentile(place.percentile.percent)
            assert place.ticket_id in {
                known.ticket.pk for known in slow.finished if known.way.total == place.percentile.value
            }
        else:
            assert place.percentile.hidden
    means = found.sums.means()
    assert sum(means.values()) == found.sums.mean_total()
    for stage in Stage:
        assert abs(means[stage] - slow.mean(stage)) < 1
        assert found.sums.visited[stage] == slow.visited(stage)
    assert Fraction(found.sums.total, found.n) == slow.mean_total()
    assert found.sums.rework == sum(known.way.rework for known in slow.finished)
    assert found.sums.first_time == sum(known.way.passes == 1 for known in slow.finished)


@pytest.mark.django_db
def test_every_figure_agrees_with_slow_and_obvious_code(world: list[Ticket]) -> None:
    found, slow = summary(SYSTEM, Filters()), slow_report(world)
    check(found, slow)
    assert found.sums.efficiency == slow.efficiency
    assert found.n >= 20


@pytest.mark.django_db
def test_filters_keep_what_they_name(world: list[Ticket]) -> None:
    for severity, team, component in product(["", "S1"], ["", "north"], ["", "radio"]):
        kept = [
            ticket
            for ticket in world
            if severity in ("", ticket.severity)
            and team in ("", ticket.team.slug)
            and component in ("", ticket.component.slug)
        ]
        found = summary(SYSTEM, Filters(severity=severity, team=team, component=component, programme="sokil"))
        check(found, slow_report(kept))
    assert summary(SYSTEM, Filters(programme="lastivka")).n == 0


@pytest.mark.django_db
def test_a_period_is_whole_days_of_its_zone(world: list[Ticket]) -> None:
    since, until = date(2026, 6, 1), date(2026, 11, 30)
    for zone in ("UTC", "Europe/Kyiv", "America/St_Johns"):
        found = summary(SYSTEM, Filters(since=since, until=until, zone=ZoneInfo(zone)))
        check(found, slow_report(world, zone=zone, since=since, until=until))


@pytest.mark.django_db
def test_components_and_periods_split_the_whole(world: list[Ticket]) -> None:
    zone = ZoneInfo("Europe/Kyiv")
    slow = slow_report(world, zone="Europe/Kyiv")
    for by in ("month", "week", "quarter"):
        found = summary(SYSTEM, Filters(by=by, zone=zone))
        for group in found.components:
            some = [known for known in slow.finished if known.ticket.component.slug == group.slug]
            assert (group.sums.n, group.sums.total) == (len(some), sum(known.way.total for known in some))
            assert all(abs(mean - slow.mean(stage, some)) < 1 for stage, mean in group.sums.means().items())
        for period in found.periods:
            some = [known for known in slow.finished if period.first <= known.finished_day(zone) <= period.last]
            assert (period.sums.n, period.sums.total) == (len(some), sum(known.way.total for known in some))
        assert sum(group.sums.n for group in found.components) == found.n
        assert sum(period.sums.n for period in found.periods) == found.n
        days = [(period.first, period.last) for period in found.periods]
        assert all((after[0] - before[1]).days == 1 for before, after in pairwise(days))


@pytest.mark.django_db
def test_what_the_page_shows_adds_up_in_every_column(world: list[Ticket]) -> None:
    shown = document(PAGES["stages"], SYSTEM, Filters(), {}, [])
    split = shown.section("split")
    assert split is not None
    assert split.table is not None
    assert split.table.foot is not None
    for name in ("sum_us", "mean", "share", "band_mean", "band_share"):
        place = [column.name for column in split.table.columns].index(name)
        assert sum(split.table.values(name)) == split.table.foot.values[place]
    for name in ("components", "periods"):
        section = shown.section(name)
        assert section is not None
        assert section.table is not None
        for row in section.table.rows:
            *means, mean = row.values[2:]
            assert sum(means) == mean if row.values[1] else mean is None
        drawn = chart_of(section)
        assert [len(series["values"]) for series in drawn["series"]] == [len(section.table.rows)] * 9


@pytest.mark.django_db
def test_the_list_behind_a_figure_has_as_many_tickets_as_the_figure_says(world: list[Ticket]) -> None:
    found = summary(SYSTEM, Filters())
    assert loops(SYSTEM, Asked(Filters())).count() == found.n
    assert loops(SYSTEM, Asked(Filters(), show="open")).count() == found.still_open
    assert loops(SYSTEM, Asked(Filters(), show="left_out")).count() == sum(found.left_out.values())
    for reason, n in found.left_out.items():
        assert loops(SYSTEM, Asked(Filters(), show=reason)).count() == n
    for stage in Stage:
        assert loops(SYSTEM, Asked(Filters(), stage=stage)).count() == found.sums.visited[stage]
    for place in found.places:
        longer = loops(SYSTEM, Asked(Filters(), at_least=place.percentile.value, sort="longest"))
        assert place.ticket_id in [loop.pk for loop in longer]
        assert longer.count() == sum(
            loop.total_us >= (place.percentile.value or 0) for loop in finished(SYSTEM, Filters())
        )
    for period in found.periods:
        within = Filters().within_days(period.first, period.last)
        assert loops(SYSTEM, Asked(within)).count() == period.sums.n


@pytest.mark.django_db
def test_below_ten_loops_percentiles_are_hidden_and_means_are_not(cast: Cast) -> None:
    for number in range(9):
        quick_loop(cast, seen=hours(number), lengths=[HOUR] * 9)
    project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
    found = summary(SYSTEM, Filters())
    assert found.hidden
    assert [place.percentile.value for place in found.places] == [None] * 3
    assert found.sums.mean_total() == 9 * HOUR


@pytest.mark.django_db
def test_flow_efficiency_is_not_recorded_where_nobody_marks_anything(cast: Cast) -> None:
    project_tickets(ticket_ids=[quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9, assigned=False).pk])
    found = summary(SYSTEM, Filters())
    assert found.sums.efficiency is None
    project_tickets(ticket_ids=[quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9).pk])
    assert summary(SYSTEM, Filters()).sums.efficiency == Fraction(3, 9)


@pytest.mark.django_db
def test_without_loops_there_is_a_report_all_the_same(cast: Cast) -> None:
    found = summary(SYSTEM, Filters())
    assert (found.n, found.sums.mean_total(), found.components, found.periods) == (0, None, [], [])
    assert document(PAGES["stages"], SYSTEM, Filters(), {}, []).n == 0


@pytest.mark.django_db
def test_everyone_sees_the_loops_of_the_tickets_they_see(cast: Cast) -> None:
    tickets = random_loops(cast, seed=3, count=12)
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    for name in cast.users:
        actor = cast.actor(name)
        seen = set(Ticket.objects.visible_to(actor).values_list("pk", flat=True))
        assert set(Loop.objects.visible_to(actor).values_list("pk", flat=True)) == seen, name
    assert cast.user(Role.REPORTER).username == "olena"
    assert {loop.team_id for loop in Loop.objects.visible_to(cast.actor("olena"))} == {cast.north.pk}
    assert not Loop.objects.visible_to(cast.actor("magnus", scopes=["feedback:read"])).exists()


@pytest.mark.django_db
def test_a_report_takes_five_queries_however_much_it_covers(
    world: list[Ticket], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        summary(SYSTEM, Filters())
