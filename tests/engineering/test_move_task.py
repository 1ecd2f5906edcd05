"""Moving, blocking and assigning tasks."""

from __future__ import annotations

import pytest

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.journal.models import Entry
from foundation.kit.errors import Conflict, Forbidden, Invalid
from rnd.engineering.actions import (
    assign_task,
    block_task,
    edit_task,
    hand_over_task,
    move_task,
    open_task,
    unblock_task,
)
from rnd.engineering.models import Task
from rnd.engineering.ranks import rank_above
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_task_moves_forward_and_back_and_the_journal_tells_both(magnus: Actor, task: Task) -> None:
    task = move_task(actor=magnus, task=task, stage="test")
    task = move_task(actor=magnus, task=task, stage="build")
    moves = Entry.objects.filter(kind="task.moved").order_by("id")
    assert [(e.data["from_stage"], e.data["to_stage"], e.data["cause"]) for e in moves] == [
        ("queue", "test", "person"),
        ("test", "build", "person"),
    ]
    assert task.stage_since == moves[1].occurred_at


def test_moving_to_where_it_is_changes_its_place_only(cast: Cast, magnus: Actor, task: Task) -> None:
    below = open_task(actor=magnus, component=cast.radio, title="Below")
    assert below.rank > task.rank
    moved = move_task(actor=magnus, task=below, stage="queue", rank=rank_above(task, moving=below))
    assert moved.rank < task.rank
    assert not Entry.objects.filter(kind="task.moved").exists()


def test_an_unknown_stage_is_refused_with_the_known_ones(magnus: Actor, task: Task) -> None:
    with pytest.raises(Invalid, match="queue, design, build, test, done, cancelled") as refused:
        move_task(actor=magnus, task=task, stage="shipped")
    assert refused.value.field == "stage"


def test_who_saw_it_elsewhere_is_told_that_it_was_moved(magnus: Actor, task: Task) -> None:
    move_task(actor=magnus, task=task, stage="design")
    with pytest.raises(Conflict) as refused:
        move_task(actor=magnus, task=task, stage="build", expected_stage="queue")
    assert refused.value.code == "task.moved_meanwhile"


def test_a_triager_opens_tasks_and_moves_none(cast: Cast, ingrid: Actor, task: Task) -> None:
    with pytest.raises(Forbidden):
        move_task(actor=ingrid, task=task, stage="design")


def test_blocking_needs_a_reason_and_keeps_since_when(magnus: Actor, task: Task) -> None:
    with pytest.raises(Invalid):
        block_task(actor=magnus, task=task, reason="  ")
    first = block_task(actor=magnus, task=task, reason="Waits for a climate chamber")
    again = block_task(actor=magnus, task=task, reason="Waits for a part")
    assert again.blocked_since == first.blocked_since
    assert not unblock_task(actor=magnus, task=task).is_blocked
    kinds = Entry.objects.filter(kind__in=["task.blocked", "task.unblocked"]).order_by("id")
    assert [e.kind for e in kinds] == ["task.blocked", "task.blocked", "task.unblocked"]


def test_a_task_that_is_done_is_not_blocked_any_more(magnus: Actor, task: Task) -> None:
    block_task(actor=magnus, task=task, reason="Waits")
    done = move_task(actor=magnus, task=task, stage="done")
    assert (done.is_blocked, done.blocked_reason) == (False, "")
    with pytest.raises(Conflict) as refused:
        block_task(actor=magnus, task=done, reason="Too late")
    assert refused.value.code == "task.not_open"


def test_assigning_brings_the_team_along_and_nobody_outside_is_assigned(cast: Cast, magnus: Actor, task: Task) -> None:
    mine = assign_task(actor=magnus, task=task, assignee=cast.magnus)
    assert (mine.assignee, mine.team) == (cast.magnus, cast.oslo)
    for outsider in (cast.olena, cast.sigrid, cast.liv):
        with pytest.raises(Invalid) as refused:
            assign_task(actor=magnus, task=task, assignee=outsider)
        assert refused.value.code == "task.assignee_outside"
    assert assign_task(actor=magnus, task=task, assignee=None).assignee is None


def test_a_task_is_handed_to_a_team_until_somebody_there_takes_it(
    cast: Cast, magnus: Actor, task: Task, team: Team
) -> None:
    mine = assign_task(actor=magnus, task=task, assignee=cast.magnus)
    handed = hand_over_task(actor=magnus, task=mine, team=team)
    assert (handed.assignee, handed.team) == (None, team)
    hand_over_task(actor=magnus, task=handed, team=team)
    told = Entry.objects.filter(kind="task.assigned").order_by("id")
    assert [str(entry.payload.sentence()) for entry in told] == [
        "assigned it to Magnus Berg",
        "handed it to Autopilots",
    ]
    with pytest.raises(Invalid) as refused:
        hand_over_task(actor=magnus, task=handed, team=cast.north)
    assert (refused.value.code, refused.value.field) == ("task.team_outside", "team")
    done = move_task(actor=magnus, task=handed, stage="done")
    with pytest.raises(Conflict):
        hand_over_task(actor=magnus, task=done, team=cast.oslo)


def test_editing_is_told_and_editing_nothing_is_not(magnus: Actor, task: Task) -> None:
    edited = edit_task(actor=magnus, task=task, title="Better words", body="And why")
    edit_task(actor=magnus, task=edited, title="Better words", body="And why")
    assert Entry.objects.filter(kind="task.edited").count() == 1
