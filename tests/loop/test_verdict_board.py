"""What teams say of a release: counted on the board, and told to the rollout that brought it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from frontline_feedback.actions import give_verdict
from frontline_feedback.models import Offer, Ticket
from releases.actions.approve_release import approve_release
from releases.models import Release
from releases.rollouts.actions.advance_rollout import advance_rollout
from releases.rollouts.actions.start_rollout import GroupPlan, start_rollout
from releases.rollouts.models import Rollout, RolloutTeam
from rnd.engineering.models import Task
from rnd.loop.board import board
from tests.loop.conftest import Way

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], None]


def roll_out(way: Way) -> Rollout:
    """The release with the fix goes to East first, then to North, which reported."""
    way.subscribe(way.cast.east)
    release = approve_release(actor=way.cast.actor("henrik"), release=way.world.candidate("1.1"))
    return start_rollout(
        actor=way.cast.actor("kari"),
        release=release,
        channel="fleet",
        groups=[GroupPlan([way.cast.east]), GroupPlan([way.cast.north])],
        tell=[way.cast.henrik],
    )


def judge(way: Way, ticket: Ticket, release: Release, outcome: str) -> None:
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=release, outcome=outcome, note="It drifts")


def test_the_fix_is_offered_when_the_teams_group_begins_and_worse_pauses_the_rollout(
    way: Way, done: tuple[Ticket, Task], drain: Drain
) -> None:
    ticket, _task = done
    rollout = roll_out(way)
    drain()
    assert not Offer.objects.filter(ticket=ticket).exists(), "North's group has not begun"
    advance_rollout(actor=way.cast.actor("kari"), rollout=rollout, reason="East is on leave")
    drain()
    begun = rollout.groups.get(number=2).begun_at
    assert Offer.objects.get(ticket=ticket).offered_at == begun
    offered = Entry.objects.get(kind="ticket.fix_offered")
    assert offered.occurred_at == begun, "the clock's install stage begins with the group"

    way.install(rollout.release)
    drain()
    assert RolloutTeam.objects.get(rollout=rollout, team=way.cast.north).answer == "installed"
    judge(way, ticket, rollout.release, "worse")
    drain()
    rollout.refresh_from_db()
    assert rollout.state == "paused"
    row = RolloutTeam.objects.get(rollout=rollout, team=way.cast.north)
    assert (row.answer, row.note) == ("worse", f"{ticket.key}: It drifts")
    assert Entry.objects.get(kind="rollout.paused").data["tell"] == [way.cast.henrik.pk]


def test_the_board_counts_a_ticket_once_for_each_try(
    way: Way, done: tuple[Ticket, Task], drain: Drain, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ticket, _task = done
    release = way.world.published("1.1")
    drain()
    assert board(SYSTEM) == []
    way.install(release)
    drain()
    (row,) = board(SYSTEM)
    assert (row.release, row.hardware) == (release, way.cast.rev_a)
    assert row.counts == {"fixed": 0, "not_fixed": 0, "worse": 0, "could_not_test": 0, "none": 1}
    assert row.fixed_share is None
    judge(way, ticket, release, "could_not_test")
    judge(way, ticket, release, "worse")
    (row,) = board(SYSTEM, release=release)
    assert row.counts == {"fixed": 0, "not_fixed": 0, "worse": 1, "could_not_test": 0, "none": 0}
    assert (row.bad, row.fixed_share) == ([ticket.key], 0)
    olena = way.cast.actor("olena")
    with django_assert_max_num_queries(6):
        assert board(olena, component="autopilot")
    assert board(way.cast.actor("stepan")) == [], "what one may not see is not counted"
    assert board(SYSTEM, component="radio") == []

    magnus = way.cast.client_of("magnus")
    with django_assert_max_num_queries(14):
        text = magnus.get("/verdicts/").content.decode()
    assert ticket.key in text
    assert "Quad 10 A" in text
    with django_assert_max_num_queries(14):
        assert ticket.key in magnus.get(f"{release.get_absolute_url()}verdicts/").content.decode()
    with django_assert_max_num_queries(11):
        (told,) = magnus.get(f"/api/v1/verdict-boards/{release.pk}/").json()["rows"]
    assert (told["hardware"], told["fixed_percent"]) == ("A", 0)
    assert {"outcome": "worse", "count": 1, "tickets": [ticket.key]} in told["verdicts"]
    lines = b"".join(magnus.get("/verdicts/?format=csv")).decode().splitlines()
    assert lines[1] == "Autopilot,1.1,Quad 10 A,0,0,1,0,0,0"
