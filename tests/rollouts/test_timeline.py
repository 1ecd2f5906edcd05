"""The picture of what was out when: everything inside its frame, and nothing over its neighbour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from releases.actions.publish_release import publish_release
from releases.actions.withdraw_release import withdraw_release
from releases.rollouts.actions.abort_rollout import abort_rollout
from releases.rollouts.timeline import HEAD, LANE, LEFT, WIDTH, Out, Phase, draw, months
from releases.rollouts.timeline_queries import timeline
from tests.rollouts.world import World

# A busy machine is no fault of what is tested.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
T0 = datetime(2026, 1, 15, tzinfo=UTC)
END = T0 + timedelta(days=180)
CHANNELS = ["lab", "pilot", "fleet"]


@st.composite
def outs(draw_: st.DrawFn) -> list[Out]:
    found = []
    for number in range(draw_(st.integers(0, 12))):
        begin = T0 + timedelta(hours=draw_(st.integers(-3000, 5000)))
        gone = draw_(st.none() | st.integers(0, 3000))
        end = None if gone is None else begin + timedelta(hours=gone)
        until = begin + timedelta(hours=draw_(st.integers(0, 900)))
        phases = (Phase(1, begin, until, "done", "Group 1"), Phase(2, until, until + timedelta(days=3), "paused", "2"))
        found.append(Out(f"1.{number}", "", "/", draw_(st.sampled_from(CHANNELS)), begin, end, phases))
    return found


@UNHURRIED
@given(outs())
def test_everything_stands_in_the_frame_and_bars_of_a_lane_do_not_overlap(given_: list[Out]) -> None:
    picture = draw(given_, channels=CHANNELS, start=T0, end=END)
    for place, lane in enumerate(picture.lanes):
        spans = [(float(box.x), float(box.width)) for box in lane.boxes]
        for x, width in spans:
            assert LEFT <= x <= WIDTH
            assert x + width <= WIDTH + 2
        for (x, width), (following, _width) in pairwise(spans):
            assert x + width <= following + 2.01  # the shortest bar is two wide, so that it can be seen
        for box in [*lane.boxes, *lane.steps]:
            top = HEAD + place * LANE
            assert top <= float(box.y) <= float(box.y) + float(box.height) <= top + LANE


def test_a_label_stands_only_where_it_fits() -> None:
    long = Out("1.10.0-rc1", "", "/", "lab", T0, None)
    brief = Out("1.10.0", "", "/", "lab", T0 + timedelta(days=3), None)
    picture = draw([long, brief], channels=["lab"], start=T0, end=END)
    assert [box.label for box in picture.lanes[0].boxes] == ["", "1.10.0"]


def test_months_begin_inside() -> None:
    assert [moment.month for moment in months(T0, END)] == [2, 3, 4, 5, 6, 7]


@pytest.mark.django_db
def test_the_page_shows_lanes_rollouts_and_withdrawals(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with clock.at(clock.now() - timedelta(days=60)):
        old = publish_release(actor=SYSTEM, release=world.approved("1.9"), channel="fleet")
    with clock.at(clock.now() - timedelta(days=20)):
        first = world.start(world.approved("2.0"))
    abort_rollout(actor=SYSTEM, rollout=first, reason="Wrong order")
    withdraw_release(actor=SYSTEM, release=old, reason="Drifts.")
    (line,) = timeline(world.cast.actor("kari"))
    fleet = line.picture.lanes[2]
    assert [box.kind for box in fleet.boxes] == ["withdrawn", "out"]
    assert [step.kind for step in fleet.steps] == ["aborted"]
    assert timeline(world.cast.actor("sigrid")) == []
    client = world.cast.client_of("kari")
    with django_assert_max_num_queries(12):
        page = client.get("/rollouts/timeline/?months=3").content.decode()
    assert "Timeline of Autopilot" in page
    assert 'style="' not in page
    assert "Nothing was out" in client.get("/rollouts/timeline/?component=radio").content.decode()
