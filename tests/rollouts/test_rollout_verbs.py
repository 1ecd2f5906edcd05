"""A rollout from its start to its end: who is offered the release when, and what stops it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import Team
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden, Invalid
from releases.actions.publish_release import publish_release
from releases.actions.report_installation import report_installation
from releases.actions.subscribe_team import subscribe_team
from releases.actions.withdraw_release import withdraw_release
from releases.models import Release
from releases.receiving import offered_to, received_at
from releases.rollouts.actions.abort_rollout import abort_rollout
from releases.rollouts.actions.advance_rollout import advance_rollout
from releases.rollouts.actions.note_result import note_result
from releases.rollouts.actions.pause_rollout import pause_rollout
from releases.rollouts.actions.resume_rollout import resume_rollout
from releases.rollouts.actions.start_rollout import GroupPlan
from releases.rollouts.actions.step_rollout import step_rollout
from releases.rollouts.machine import Wait, Why
from releases.rollouts.models import Rollout, Telling
from releases.rollouts.tasks import step as step_task
from tests.releases import api_world
from tests.rollouts.world import HOUR, START, World, answer_of, told

pytestmark = pytest.mark.django_db
Drain = Callable[[], object]


def offered(release: Release, *teams: Team) -> list[bool]:
    return [release in offered_to(team) for team in teams]


def everyone(world: World) -> tuple[Team, ...]:
    return world.cast.north, world.cast.east, world.south, world.polissia


def test_only_teams_of_begun_groups_are_offered_the_release(world: World) -> None:
    with clock.at(START):
        rollout = world.start()
    release = rollout.release
    assert release.state == "published"
    assert offered(release, *everyone(world)) == [True, False, False, False]
    assert received_at(world.cast.north, release) == START
    assert received_at(world.cast.east, release) is None
    with pytest.raises(Invalid, match="does not receive"):
        report_installation(actor=SYSTEM, release=release, team=world.cast.east, hardware=world.cast.rev_a)
    assert told("rollout", rollout.pk) == ["started", "group_begun"]


@pytest.mark.django_db(transaction=True)
def test_it_goes_on_by_itself_to_the_gate_and_by_hand_to_the_end(world: World, drain: Drain) -> None:
    with clock.at(START):
        rollout = world.start()
    with clock.at(START + 2 * HOUR):
        world.install(rollout, world.cast.north)
        drain()
        assert answer_of(rollout, world.cast.north) == "installed"
        assert step_rollout(rollout=rollout) == Wait(Why.SOAK, START + 24 * HOUR)
    with clock.at(START + 24 * HOUR):
        step_task()
    assert offered(rollout.release, *everyone(world)) == [True, True, True, False]
    assert received_at(world.south, rollout.release) == START + 24 * HOUR
    later = START + 80 * HOUR
    with clock.at(later):
        world.install(rollout, world.cast.east)
        drain()
        assert step_rollout(rollout=rollout) == Wait(Why.SUCCESS)
        world.install(rollout, world.south)
        drain()
        assert step_rollout(rollout=rollout) == Wait(Why.GATE)
        advance_rollout(actor=world.cast.actor("kari"), rollout=rollout)
    assert offered(rollout.release, *everyone(world)) == [True] * 4
    with clock.at(later + HOUR):
        world.install(rollout, world.polissia)
        drain()
    rollout.refresh_from_db()
    assert rollout.state == "completed"
    assert told("rollout", rollout.pk) == [
        "started", "group_begun", "team_answered", "group_begun", "team_answered", "team_answered", "group_begun",
        "team_answered", "completed",
    ]  # fmt: skip
    begun = Entry.objects.filter(kind="rollout.group_begun").order_by("id")
    assert [entry.data["team_ids"] for entry in begun][1] == sorted([world.cast.east.pk, world.south.pk])


def test_teams_in_no_group_are_offered_it_when_the_rollout_is_complete(world: World) -> None:
    with clock.at(START):
        rollout = world.start(groups=[GroupPlan([world.cast.north], soak_hours=0)])
    assert offered(rollout.release, *everyone(world)) == [True, False, False, False]
    with clock.at(START + HOUR):
        note_result(actor=SYSTEM, release_id=rollout.release_id, team_id=world.cast.north.pk, known_at=START)
    rollout.refresh_from_db()
    assert rollout.state == "completed"
    assert offered(rollout.release, *everyone(world)) == [True] * 4
    assert received_at(world.south, rollout.release) == START + HOUR
    assert received_at(world.cast.north, rollout.release) == START


def test_who_has_it_already_from_a_nearer_channel_is_not_asked_again(world: World) -> None:
    release = world.approved()
    subscribe_team(actor=SYSTEM, team=world.cast.north, component=world.cast.autopilot, channel="pilot")
    publish_release(actor=SYSTEM, release=release, channel="pilot")
    with pytest.raises(Invalid, match="has 2.0 already"):
        world.start(release)
    rollout = world.start(release, groups=[GroupPlan([world.cast.east]), GroupPlan([world.south])])
    assert offered(release, *everyone(world)) == [True, True, False, False]
    assert rollout.channel == "fleet"


def test_going_on_early_takes_a_reason_and_a_gate_none(world: World) -> None:
    rollout = world.start()
    kari = world.cast.actor("kari")
    with pytest.raises(Invalid, match="Say why"):
        advance_rollout(actor=kari, rollout=rollout)
    advance_rollout(actor=kari, rollout=rollout, reason="North is on leave")
    assert Entry.objects.filter(kind="rollout.group_begun").latest("id").data["reason"] == "North is on leave"
    with pytest.raises(Forbidden):
        advance_rollout(actor=world.cast.actor("magnus"), rollout=rollout, reason="Now")


def test_pausing_takes_a_reason_and_what_does_not_fit_the_state_is_refused(world: World) -> None:
    rollout = world.start()
    kari = world.cast.actor("kari")
    with pytest.raises(Invalid, match="Say why"):
        pause_rollout(actor=kari, rollout=rollout, reason="  ")
    with pytest.raises(Conflict, match="Only a paused"):
        resume_rollout(actor=kari, rollout=rollout)
    pause_rollout(actor=world.cast.actor("magnus"), rollout=rollout, reason="A report comes in")
    assert set(Telling.objects.values_list("user__username", flat=True)) == {"henrik"}, "who paused it knows"
    with pytest.raises(Conflict, match="resume it first"):
        advance_rollout(actor=kari, rollout=rollout, reason="Now")
    with pytest.raises(Conflict, match="Only a running rollout can be paused"):
        pause_rollout(actor=kari, rollout=rollout, reason="Again")
    resume_rollout(actor=kari, rollout=rollout)
    abort_rollout(actor=kari, rollout=rollout, reason="There is a better one")
    for act in (pause_rollout, abort_rollout, resume_rollout):
        with pytest.raises(Conflict):
            act(actor=kari, rollout=rollout, reason="Late")


def test_an_aborted_rollout_keeps_the_others_from_it_and_another_may_carry_on(world: World) -> None:
    rollout = world.start()
    kari = world.cast.actor("kari")
    abort_rollout(actor=kari, rollout=rollout, reason="Wrong order of groups")
    assert offered(rollout.release, *everyone(world)) == [True, False, False, False]
    second = world.start(rollout.release, groups=[GroupPlan([world.south, world.polissia])])
    assert offered(second.release, *everyone(world)) == [True, False, True, True]
    with pytest.raises(Conflict, match="is not over"):
        world.start(rollout.release)


def test_a_release_goes_no_further_while_its_rollout_is_not_over(world: World) -> None:
    release = world.approved()
    subscribe_team(actor=SYSTEM, team=world.cast.north, component=world.cast.autopilot, channel="pilot")
    world.start(release, channel="pilot", groups=[GroupPlan([world.cast.north])])
    with pytest.raises(Conflict, match="is not over") as caught:
        publish_release(actor=world.cast.actor("kari"), release=release, channel="fleet")
    assert caught.value.code == "release.gate"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"groups": []}, "1 to 20 groups"),
        ({"success_percent": 0}, "out of bounds"),
        ({"error_percent": 101}, "out of bounds"),
        ({"worse_limit": -1}, "out of bounds"),
        ({"channel": "moon"}, "no channel"),
    ],
)
def test_what_makes_no_rollout_is_refused(world: World, more: dict[str, object], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        world.start(None, **more)
    assert not Rollout.objects.exists()


def test_teams_and_people_have_to_be_inside(world: World) -> None:
    cast = world.cast
    release = world.approved()
    with pytest.raises(Invalid, match="two groups"):
        world.start(release, groups=[GroupPlan([cast.north]), GroupPlan([cast.north])])
    with pytest.raises(Invalid, match="does not receive"):
        world.start(release, groups=[GroupPlan([cast.west])])
    with pytest.raises(Invalid, match="does not work in the programme"):
        world.start(release, tell=[cast.sigrid])
    with pytest.raises(Forbidden):
        world.start(release, actor=cast.actor("magnus"))
    assert Release.objects.get(pk=release.pk).state == "approved"
    world.start(release)
    draft = api_world.draft(cast, "3.0")
    with pytest.raises(Conflict, match="only an approved release"):
        world.start(draft)


def test_a_release_that_is_out_for_all_cannot_be_let_out_by_and_by(world: World) -> None:
    release = publish_release(actor=SYSTEM, release=world.approved(), channel="fleet")
    with pytest.raises(Conflict, match="already, for everybody"):
        world.start(release)


@pytest.mark.django_db(transaction=True)
def test_withdrawal_ends_the_rollout_and_warns_each_team_that_runs_it(world: World, drain: Drain) -> None:
    rollout = world.start()
    world.install(rollout, world.cast.north)
    withdraw_release(actor=world.cast.actor("kari"), release=rollout.release, reason="It loses GNSS.")
    drain()
    drain()
    rollout.refresh_from_db()
    assert (rollout.state, rollout.reason) == ("aborted", "It loses GNSS.")
    warned = Entry.objects.get(kind="release.team_warned")
    assert (warned.team_id, warned.subject_id) == (world.cast.north.pk, rollout.release_id)
    assert warned.data["hardware_ids"] == [world.cast.rev_a.pk]
    assert offered(rollout.release, *everyone(world)) == [False] * 4
