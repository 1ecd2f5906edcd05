"""Lives of tickets that tests write down by hand, and the way the clock makes of them."""

from __future__ import annotations

from typing import Any

from rnd.cycles.clock import events as ev
from rnd.cycles.clock import wind
from rnd.cycles.clock.course import Story
from rnd.cycles.clock.way import Way

TICKET = 1


class Life:
    """Writes events down one after the other, each at the time given."""

    def __init__(self, *, seen: int = 0, received: int = 10) -> None:
        self.events: list[ev.Event] = []
        self.ticket(ev.Received, received, seen=seen)

    def ticket(self, kind: type[ev.TicketEvent], occurred: int, recorded: int | None = None, **fields: Any) -> None:
        self._add(kind, TICKET, occurred, recorded, fields)

    def task(self, task: int, kind: type[ev.TaskEvent], occurred: int, recorded: int | None = None, **f: Any) -> None:
        self._add(kind, task, occurred, recorded, f)

    def linked_task(self, task: int, opened: int, **moves: int) -> None:
        self.task(task, ev.TaskOpened, opened)
        self.task(task, ev.TaskLinked, opened, ticket=TICKET)
        for stage, when in moves.items():
            self.task(task, ev.TaskMoved, when, to=stage)

    def verdict(self, occurred: int, outcome: str) -> None:
        self.ticket(ev.VerdictGiven, occurred, outcome=outcome)

    def _add(self, kind: type[ev.Event], subject: int, occurred: int, recorded: int | None, fields: Any) -> None:
        at = occurred if recorded is None else recorded
        self.events.append(kind(id=len(self.events) + 1, subject=subject, occurred=occurred, recorded=at, **fields))

    def way(self, now: int = 1000) -> Way:
        way = wind(Story(frozenset({TICKET}), self.events), now=now)
        assert way is not None
        return way

    def told(self, now: int = 1000) -> str:
        """The segments in short: "transit 0–10, triage 10–20"."""
        return ", ".join(f"{s.stage} {s.since}–{s.until}" for s in self.way(now).segments)


def whole_loop() -> Life:
    life = Life()
    life.ticket(ev.Accepted, 20)
    life.linked_task(5, 30, design=40, build=50, test=60, done=70)
    life.ticket(ev.FixOffered, 80)
    life.ticket(ev.FixInstalled, 90)
    return life
