"""A task that is handed to a team waits there until somebody takes it, and the report of the work says how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from foundation.accounts.actions.add_membership import add_membership
from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import Role, Team
from foundation.kit import clock
from rnd.cycles.actions import project_tasks
from rnd.cycles.analysis.work import work
from rnd.cycles.filters import Filters
from rnd.engineering.actions import assign_task, hand_over_task, open_task
from tests.cast import Cast

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_wait_at_a_hand_over_lasts_until_somebody_there_takes_the_task(cast: Cast) -> None:
    autopilots = Team.objects.create(name="Autopilots", slug="autopilots", kind=Team.Kind.ENGINEERING)
    autopilots.programmes.add(cast.programme)
    add_membership(actor=SYSTEM, user=cast.sigrid, team=autopilots, role=Role.ENGINEER)
    cast.sigrid.memberships.exclude(team=autopilots).delete()
    magnus = cast.actor("magnus")
    with clock.at(BEGAN):
        tasks = [open_task(actor=magnus, component=cast.radio, title=title) for title in ("Taken", "Waiting")]
        for task in tasks:
            assign_task(actor=magnus, task=task, assignee=cast.magnus)
    with clock.at(BEGAN + timedelta(hours=2)):
        for task in tasks:
            hand_over_task(actor=magnus, task=task, team=autopilots)
    with clock.at(BEGAN + timedelta(hours=7)):
        assign_task(actor=magnus, task=tasks[0], assignee=cast.sigrid)
    project_tasks(task_ids=[task.pk for task in tasks])
    with clock.at(BEGAN + timedelta(days=1)):
        (found,) = work(SYSTEM, Filters()).hand_overs
    assert (found.giver_id, found.taker_id) == (cast.oslo.pk, autopilots.pk)
    assert (found.n, found.sum_us) == (2, 5 * 3_600_000_000)
    assert list(found.tasks) == [task.pk for task in tasks]
