"""What if: whom “one more engineer” is beside, and what is left out, with its reason, where nothing is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from rnd.cycles.actions import project_tickets
from rnd.cycles.analysis.prospects import engineers_at_work
from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Section
from rnd.cycles.filters import Filters
from rnd.cycles.pages.forecast import build
from rnd.cycles.presenting import chart_of
from rnd.engineering import actions as tasks
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.world import DAY0, hours, quick_loop

pytestmark = pytest.mark.django_db
DAY = 86_400_000_000
HALF, MORE = "Half the work in progress", "One more engineer beside"


def asked(cast: Cast, *, running: int, numbers: Mapping[str, int] | None = None) -> dict[str, Section]:
    """What the page says a month after DAY0, with a loop that is finished and so many that are not."""
    made = [quick_loop(cast, seen=hours(0), lengths=[DAY] * 9, assigned=False, component=cast.radio)]
    made += [
        quick_loop(cast, seen=hours(n), lengths=[DAY] * 2, end="open", assigned=False) for n in range(1, running + 1)
    ]
    project_tickets(ticket_ids=[ticket.pk for ticket in made])
    with clock.at(DAY0 + timedelta(days=30)):
        return {section.name: section for section in build(SYSTEM, Filters(), numbers or {})[1]}


def answers(section: Section) -> list[str]:
    assert section.table is not None
    return [str(row.values[0]) for row in section.table.rows]


def notes(section: Section) -> str:
    return " ".join(note.text for note in section.notes)


def work_on(cast: Cast, who: str, *stages: str, at: float = 0) -> Task:
    actor = cast.actor("magnus")
    with clock.at(hours(at)):
        task = tasks.open_task(actor=actor, component=cast.radio, title="Work", assignee=getattr(cast, who))
        for stage in stages:
            task = tasks.move_task(actor=actor, task=task, stage=stage)
    return task


def test_where_nothing_is_open_only_stages_are_asked_about(cast: Cast) -> None:
    work_on(cast, "magnus", "build")
    found = asked(cast, running=0)
    assert len(answers(found["what_if"])) == 9
    assert not any(what.startswith((HALF, MORE)) for what in answers(found["what_if"]))
    assert "Nothing is open: with less work in progress" in notes(found["what_if"])
    assert "Nothing is open: the next loops" in notes(found["when"])
    assert found["when"].title == "When is the next loop in the field and confirmed?"


def test_there_is_no_half_of_one(cast: Cast) -> None:
    found = asked(cast, running=1, numbers={"engineers": 4})
    assert f"{MORE} 4" in answers(found["what_if"])
    assert HALF not in answers(found["what_if"])
    assert "Only one ticket is open" in notes(found["what_if"])
    assert "Nothing is open" not in notes(found["when"])


def test_without_a_number_of_engineers_nobody_is_made_up(cast: Cast) -> None:
    found = asked(cast, running=3)
    assert HALF in answers(found["what_if"])
    assert not any(what.startswith(MORE) for what in answers(found["what_if"]))
    assert "No task that you may see has had an engineer in the last 90 days" in notes(found["what_if"])


def test_answers_about_stages_are_drawn_in_the_colours_of_their_stages(cast: Cast) -> None:
    section = asked(cast, running=3, numbers={"engineers": 4})["what_if"]
    assert section.table is not None
    assert section.table.values("stage") == [None, None, *(stage.value for stage in Stage)]
    assert section.table.column("stage").aside
    [series] = chart_of(section)["series"]
    assert series["colours"] == ["line-control"] * 2 + [f"stage-{stage}" for stage in Stage]


def test_without_a_number_those_at_work_are_counted(cast: Cast) -> None:
    work_on(cast, "magnus", "build")
    found = asked(cast, running=3)
    assert f"{MORE} 1" in answers(found["what_if"])
    assert "Taken as the engineers now: 1 who has" in notes(found["what_if"])


def test_at_work_is_who_has_a_task_in_work_or_finished_one_since(cast: Cast) -> None:
    first = DAY0.date()

    def at_work(**changes: Any) -> int:
        return engineers_at_work(SYSTEM, Filters(**changes), first)

    work_on(cast, "magnus")  # waits in the queue
    work_on(cast, "magnus", "build", "cancelled")
    work_on(cast, "magnus", "build", "done", at=-24)
    assert at_work() == 0
    work_on(cast, "magnus", "build", "done", at=24)
    assert at_work() == 1
    work_on(cast, "magnus", "design")
    assert at_work() == 1  # nobody is counted twice
    work_on(cast, "ingrid", "test", at=-2400)
    assert at_work() == 2
    assert at_work(component=cast.radio.slug) == 2
    assert at_work(component=cast.autopilot.slug) == 0
    assert at_work(severity="S1") == 0
