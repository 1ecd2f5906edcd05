"""What the linked tasks say: the stage of each at every moment, and whether somebody works on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rnd.cycles.clock.events import (
    TaskAssigned,
    TaskBlocked,
    TaskEvent,
    TaskLinked,
    TaskMoved,
    TaskOpened,
    TaskUnblocked,
    TaskUnlinked,
)
from rnd.cycles.clock.stages import DONE, TASK_STAGES, WORK, Mode, Stage
from rnd.cycles.clock.timeline import Timed, timeline


@dataclass(frozen=True, slots=True)
class Work:
    """A task's state from `since` until the next one. `moved_at` is when it came into its stage."""

    since: int
    task: int
    stage: str
    moved_at: int
    assigned: bool = False
    blocked: bool = False

    @property
    def open(self) -> Stage | None:
        """The stage of an open task; None once it is done or cancelled."""
        return TASK_STAGES.get(self.stage)

    @property
    def done(self) -> bool:
        return self.stage == DONE


@dataclass(frozen=True, slots=True)
class History:
    """One task's whole way: its states in order, and whether anyone ever marked who works on it or what blocks it."""

    task: int
    timed: tuple[Timed[TaskEvent], ...]
    states: tuple[Work, ...]
    marked: bool


def linked(events: Iterable[TaskEvent], tickets: frozenset[int]) -> list[History]:
    """Give the history of each task that is linked to one of `tickets` where the read history ends.

    The moment of linking does not matter: a task that was under way before it was linked counts from its own start.
    """
    by_task: dict[int, list[TaskEvent]] = {}
    for event in events:
        by_task.setdefault(event.subject, []).append(event)
    found = []
    for task in sorted(by_task):
        timed = timeline(by_task[task], birth=TaskOpened)
        if _is_linked(timed, tickets):
            found.append(_history(task, timed))
    return found


def govern(works: Iterable[Work]) -> tuple[Stage, Mode] | None:
    """Give the stage of the least advanced open task and the mode of those in it; None where none is open."""
    least: int | None = None
    governing: list[Work] = []
    for work in works:
        rank = _RANK.get(work.stage)
        if rank is None:
            continue
        if least is None or rank < least:
            least, governing = rank, [work]
        elif rank == least:
            governing.append(work)
    if not governing:
        return None
    stage = TASK_STAGES[governing[0].stage]
    if all(work.blocked for work in governing):
        return stage, Mode.BLOCKED
    if stage in WORK and any(work.assigned and not work.blocked for work in governing):
        return stage, Mode.ACTIVE
    return stage, Mode.WAITING


_RANK: Final = {name: rank for rank, name in enumerate(TASK_STAGES)}


def _is_linked(timed: Sequence[Timed[TaskEvent]], tickets: frozenset[int]) -> bool:
    links: set[int] = set()
    for item in timed:
        match item.event:
            case TaskLinked(ticket=ticket):
                links.add(ticket)
            case TaskUnlinked(ticket=ticket):
                links.discard(ticket)
    return not links.isdisjoint(tickets)


def _history(task: int, timed: Sequence[Timed[TaskEvent]]) -> History:
    start = timed[0].at
    states = [Work(since=start, task=task, stage=Stage.QUEUE.value, moved_at=start)]
    for item in timed:
        after = _after(states[-1], item.event, item.at)
        if after != states[-1]:
            states.append(replace(after, since=item.at))
    marked = any(work.assigned or work.blocked for work in states)
    return History(task, tuple(timed), tuple(states), marked)


def _after(work: Work, event: TaskEvent, at: int) -> Work:
    match event:
        case TaskMoved(to=to) if to != work.stage:
            return replace(work, stage=to, moved_at=at)
        case TaskAssigned(someone=someone):
            return replace(work, assigned=someone)
        case TaskBlocked():
            return replace(work, blocked=True)
        case TaskUnblocked():
            return replace(work, blocked=False)
        case _:
            return work
