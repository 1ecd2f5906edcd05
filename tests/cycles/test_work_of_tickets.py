"""The work on the tasks behind some tickets is counted by column as it is by going through all parts of those tasks."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from foundation.accounts.actors import SYSTEM, actor_of
from foundation.kit import clock
from frontline_feedback import actions as tickets
from frontline_feedback.classification import Reclassification
from rnd.cycles.analysis import work as reading
from rnd.cycles.analysis.work import Work, work
from rnd.cycles.facts.columnar.parts import task_parts
from rnd.cycles.facts.columnar.work import refresh_work
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop, TaskPart, WorkSlab
from rnd.engineering import actions as tasks
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.world import DAY0, project, random_loops
from tests.frontline_feedback.world import report

pytestmark = pytest.mark.django_db(transaction=True)
NOW = DAY0 + timedelta(days=400)


@pytest.fixture
def filters(cast: Cast) -> Filters:
    random_loops(cast, 51, 80)
    project()
    return Filters(programme=cast.programme.slug, zone=ZoneInfo(cast.programme.time_zone))


def by_parts(filters: Filters) -> Work:
    """Give the same by one statement over the parts of the tasks."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "task_parts", lambda *_asked: None)
        return work(SYSTEM, filters)


def assert_same(filters: Filters, cast: Cast) -> None:
    some = (DAY0 + timedelta(days=100)).date()
    for narrowed in (
        {"severity": "S2"}, {"team": cast.east.slug}, {"platform": cast.platform.slug, "component": cast.radio.slug},
        {"hardware": cast.rev_a.pk, "severity": "S1"}, {"release": 1}, {"passes": 2}, {"team": "no-such"},
        {"severity": "S3", "since": some, "until": some + timedelta(days=90)},
    ):  # fmt: skip
        one = filters.but(**narrowed)
        with clock.at(NOW):
            assert work(SYSTEM, one) == by_parts(one), narrowed


@pytest.mark.parametrize("fresh", [0, 7, None])
def test_columns_give_what_the_parts_give(cast: Cast, filters: Filters, fresh: int | None) -> None:
    refresh_work(limit=fresh)
    with clock.at(NOW):
        severe = work(SYSTEM, filters.but(severity="S2"))
        assert 0 < severe.tasks < work(SYSTEM, filters).tasks
        assert severe.by_team
    assert_same(filters, cast)


def test_a_ticket_that_is_found_otherwise_makes_the_weeks_of_its_tasks_stale(cast: Cast, filters: Filters) -> None:
    refresh_work()
    loop = Loop.objects.filter(severity="S2", ticket__task_links__task__in=_done()).first()
    assert loop is not None
    before = _versions()
    with clock.at(NOW):
        tickets.reclassify_ticket(
            actor=cast.actor("ingrid"), ticket=loop.ticket, change=Reclassification(severity="S4")
        )
        project()
    weeks = {
        (at - timedelta(days=at.weekday())).date()
        for at in TaskPart.objects.filter(task_id__in=loop.ticket.task_links.values("task")).exclude(kind="blocked")
        .values_list("at", flat=True)
    }  # fmt: skip
    assert {first for first, version in _versions().items() if version != before[first]} == weeks
    assert_same(filters, cast)
    refresh_work()
    assert_same(filters, cast)


def test_a_link_and_its_end_make_the_weeks_of_the_task_stale(cast: Cast, filters: Filters) -> None:
    refresh_work()
    task_id = _done()[0]
    with clock.at(NOW):
        other = tickets.accept_ticket(actor=cast.actor("ingrid"), ticket=report(cast, severity="S1"))
        project()
        refresh_work()
        assert not _stale()
        tasks.link_ticket(actor=cast.actor("magnus"), task=Task.objects.get(pk=task_id), ticket=other)
        project()
        assert _stale()
        assert_same(filters, cast)
        refresh_work()
        tasks.unlink_ticket(actor=cast.actor("magnus"), task=Task.objects.get(pk=task_id), ticket=other)
        project()
        assert _stale()
    assert_same(filters, cast)


def _done() -> list[int]:
    return sorted(set(TaskPart.objects.filter(kind="build").values_list("task_id", flat=True)))


def _versions() -> dict[date, int]:
    return dict(WorkSlab.objects.values_list("first", "version"))


def _stale() -> bool:
    return WorkSlab.objects.filter(computed__lt=F("version")).exists()


def test_who_sees_only_some_tickets_is_answered_by_the_parts(cast: Cast, filters: Filters) -> None:
    with clock.at(NOW):
        one = filters.but(severity="S2")
        assert task_parts(actor_of(cast.ingrid), one, "default", DAY0, NOW) is not None
        assert task_parts(actor_of(cast.olena), one, "default", DAY0, NOW) is None
        assert work(actor_of(cast.olena), one).tasks == 0
