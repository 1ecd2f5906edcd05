"""What comes back from the teams of a rollout, and the pause that it may bring about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import translation

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden, Invalid, NotFound
from releases.rollouts.actions.answer_rollout import answer_rollout
from releases.rollouts.actions.note_result import note_result
from releases.rollouts.actions.resume_rollout import resume_rollout
from releases.rollouts.actions.start_rollout import GroupPlan
from releases.rollouts.actions.step_rollout import step_rollout
from releases.rollouts.machine import Wait, Why
from releases.rollouts.models import Telling
from tests.rollouts.world import HOUR, START, World, answer_of

pytestmark = pytest.mark.django_db
Drain = Callable[[], object]


def test_one_worse_pauses_it_and_tells_those_named(world: World) -> None:
    rollout = world.start()
    note_result(
        actor=SYSTEM, release_id=rollout.release_id, team_id=world.cast.north.pk, worse=True, note="FB-12",
        known_at=clock.now(),
    )  # fmt: skip
    rollout.refresh_from_db()
    assert rollout.state == "paused"
    assert "1 team calls it worse" in rollout.why
    with translation.override("nb"):
        assert "1 team calls it worse" not in rollout.why, "everybody reads it in the own language"
    entry = Entry.objects.get(kind="rollout.paused")
    assert entry.data["cause"] == "worse"
    assert entry.data["tell"] == sorted([world.cast.henrik.pk, world.cast.magnus.pk])
    assert set(Telling.objects.values_list("user__username", flat=True)) == {"henrik", "magnus"}
    with clock.at(clock.now() + timedelta(days=90)):
        assert step_rollout(rollout=rollout) == Wait(Why.PAUSED)
    resume_rollout(actor=world.cast.actor("kari"), rollout=rollout, reason="A loose cable")
    assert isinstance(step_rollout(rollout=rollout), Wait), "what is known pauses it no second time"
    assert answer_of(rollout, world.cast.north) == "worse"


def test_a_failure_beyond_the_threshold_pauses_it_and_an_unreachable_team_does_not(world: World) -> None:
    rollout = world.start(groups=[GroupPlan([world.cast.north, world.cast.east, world.south, world.polissia])])
    kari = world.cast.actor("kari")
    for team in (world.south, world.polissia):
        answer_rollout(actor=kari, rollout=rollout, team=team, answer="unreachable")
    rollout.refresh_from_db()
    assert rollout.state == "running"
    answer_rollout(
        actor=world.cast.actor("stepan"),
        rollout=rollout,
        team=world.cast.east,
        answer="failed",
        note="It hangs",
    )
    rollout.refresh_from_db()
    assert rollout.state == "paused"
    assert "failed at 1 team" in rollout.why


def test_a_team_speaks_for_itself_only_and_says_what_happened(world: World) -> None:
    rollout = world.start()
    stepan, olena = world.cast.actor("stepan"), world.cast.actor("olena")
    north = world.cast.north
    with pytest.raises(Forbidden):
        answer_rollout(actor=stepan, rollout=rollout, team=north, answer="failed", note="It hangs")
    with pytest.raises(Forbidden):
        answer_rollout(actor=olena, rollout=rollout, team=north, answer="skipped", note="No time")
    with pytest.raises(Invalid, match="few words"):
        answer_rollout(actor=olena, rollout=rollout, team=north, answer="failed")
    with pytest.raises(Conflict, match="has not begun"):
        answer_rollout(actor=stepan, rollout=rollout, team=world.cast.east, answer="failed", note="It hangs")
    with pytest.raises(Invalid, match="is no answer"):
        answer_rollout(actor=olena, rollout=rollout, team=north, answer="maybe")
    with pytest.raises(NotFound, match="no group"):
        answer_rollout(actor=SYSTEM, rollout=rollout, team=world.cast.oslo, answer="skipped", note="Not theirs")
    assert answer_rollout(actor=olena, rollout=rollout, team=north, answer="failed", note="It hangs").answer == "failed"


def test_an_installation_overrules_what_was_known_before_it_and_nothing_later(world: World) -> None:
    with clock.at(START):
        rollout = world.start(error_percent=100, worse_limit=0)
    north = world.cast.north
    with clock.at(START + 2 * HOUR):
        answer_rollout(actor=SYSTEM, rollout=rollout, team=north, answer="failed", note="It hangs")

    def note(hours: int, *, worse: bool = False) -> bool:
        known_at = START + hours * HOUR
        return note_result(
            actor=SYSTEM, release_id=rollout.release_id, team_id=north.pk, known_at=known_at, worse=worse
        )

    assert not note(1)
    assert answer_of(rollout, north) == "failed"
    assert note(3)
    assert answer_of(rollout, north) == "installed"
    assert note(4, worse=True)
    assert not note(400), "worse stays worse"
