"""Which versions run over time, and what each team runs now."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from releases.actions.report_installation import report_installation
from releases.actions.withdraw_release import withdraw_release
from releases.rollouts.adoption import Reported, ends_of_weeks, running_at
from releases.rollouts.adoption_queries import adoption
from tests.releases import api_world
from tests.rollouts.world import World

# A busy machine is no fault of what is tested.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
T0 = datetime(2026, 1, 1, tzinfo=UTC)
REPORTS = st.lists(
    st.builds(
        Reported,
        st.integers(1, 4),
        st.integers(1, 5),
        st.integers(0, 400).map(lambda hours: T0 + timedelta(hours=hours)),
    ),
    max_size=40,
)
MOMENTS = st.lists(st.integers(0, 420), max_size=8).map(
    lambda hours: [T0 + timedelta(hours=hour) for hour in sorted(hours)]
)


@UNHURRIED
@given(REPORTS, MOMENTS)
def test_it_counts_what_each_place_reported_last(reports: list[Reported], moments: list[datetime]) -> None:
    for moment, found in zip(moments, running_at(reports, moments), strict=True):
        last: dict[object, int] = {}
        for report in sorted(reports, key=lambda report: report.at):
            if report.at <= moment:
                last[report.place] = report.release
        assert found == Counter(last.values())


def test_weeks_end_now() -> None:
    assert ends_of_weeks(T0, 3) == [T0 - timedelta(weeks=2), T0 - timedelta(weeks=1), T0]


@pytest.mark.django_db
def test_the_page_shows_versions_over_time_and_what_each_team_runs(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    start = clock.now() - timedelta(weeks=4)
    with clock.at(start):
        old = api_world.published(world.cast, "1.0")
        for team in (world.cast.north, world.cast.east):
            report_installation(actor=SYSTEM, release=old, team=team, hardware=world.cast.rev_a)
    with clock.at(start + timedelta(weeks=2, hours=1)):
        new = api_world.published(world.cast, "1.1")
        report_installation(actor=SYSTEM, release=new, team=world.cast.north, hardware=world.cast.rev_a)
    found = adoption(SYSTEM, world.cast.autopilot, weeks=13)
    assert [version.label for version in found.versions] == ["1.1", "1.0"]
    assert [version.counts[-4:] for version in found.versions] == [[0, 0, 1, 1], [2, 2, 1, 1]]
    assert (found.places, found.teams, found.on_newest, found.withdrawn) == (2, 2, 1, 0)
    assert [series["label"] for series in found.chart["series"]] == ["1.0", "1.1"]
    withdraw_release(actor=SYSTEM, release=old, reason="It loses GNSS.")
    assert adoption(SYSTEM, world.cast.autopilot).withdrawn == 1

    client = world.cast.client_of("magnus")
    with django_assert_max_num_queries(12):
        page = client.get("/adoption/?component=autopilot&weeks=13").content.decode()
    assert "chart-adoption" in page
    assert "North" in page
    lines = b"".join(client.get("/adoption/?format=csv")).decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["East", "North"]
    assert client.get("/adoption/?component=radio").status_code == 404
    with django_assert_max_num_queries(9):
        told = client.get("/api/v1/adoption/autopilot/?weeks=13").json()
    assert [(one["version"], one["state"], one["counts"][-1]) for one in told["versions"]] == [
        ("1.1", "published", 1),
        ("1.0", "withdrawn", 1),
    ]
    assert [(one["team"], one["version"]) for one in told["running"]] == [("east", "1.0"), ("north", "1.1")]
    assert client.get("/api/v1/adoption/autopilot/?weeks=7").json()["code"] == "query.unknown_value"
