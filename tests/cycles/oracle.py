"""The cycle clock once more, as slowly and plainly as its definition reads: it looks at every instant by itself.

It shares with the product only the types of events. Nothing here is fast, and nothing is remembered between instants.
"""

from __future__ import annotations

from fractions import Fraction

from rnd.cycles.clock import events as ev
from rnd.cycles.clock.course import Story

Reading = tuple[str, str, int]  # stage, mode, pass

ORDER = ["queue", "design", "build", "test"]


def in_order(events: list[ev.Event], birth: type[ev.Event]) -> list[ev.Event]:
    ordered = sorted(events, key=lambda e: (min(e.occurred, e.recorded), e.recorded, e.id))
    births = [e for e in ordered if isinstance(e, birth)][:1]
    return births + [e for e in ordered if e not in births]


def effective(ordered: list[ev.Event], index: int) -> int:
    return max(min(e.occurred, e.recorded) for e in ordered[: index + 1])


def until(ordered: list[ev.Event], t: int) -> list[ev.Event]:
    """What has happened by the instant t."""
    return [e for i, e in enumerate(ordered) if effective(ordered, i) <= t]


class Oracle:
    def __init__(self, story: Story, now: int) -> None:
        read = [e for e in story.events if min(e.occurred, e.recorded) <= now]
        self.now = now
        self.own = in_order([e for e in read if isinstance(e, ev.TicketEvent)], ev.Received)
        tasks = sorted({e.subject for e in read if isinstance(e, ev.TaskEvent)})
        histories = [
            in_order([e for e in read if isinstance(e, ev.TaskEvent) and e.subject == task], ev.TaskOpened)
            for task in tasks
        ]
        self.tasks = [h for h in histories if linked_at_the_end(h, story.tickets)]

    @property
    def received(self) -> bool:
        return bool(self.own) and isinstance(self.own[0], ev.Received)

    @property
    def start(self) -> int:
        first = self.own[0]
        assert isinstance(first, ev.Received)
        return min(first.seen, first.occurred, first.recorded)

    @property
    def closing(self) -> ev.Event | None:
        """The decision that holds at the end of what was read."""
        return closing(self.own)

    @property
    def end(self) -> int:
        return self.now if self.closing is None else self.moment(self.closing)

    def moment(self, event: ev.Event) -> int:
        return effective(self.own, self.own.index(event))

    def instants(self) -> dict[int, Reading]:
        """The reading of every single microsecond of the life."""
        return {t: self.reading(t) for t in range(self.start, self.end)}

    def reading(self, t: int) -> Reading:
        past = until(self.own, t)
        number = 1 + sum(starts_pass(past, i) for i in range(len(past)))
        held = closing(past)
        if held is not None:
            return ("verify" if isinstance(held, ev.VerdictGiven) else "triage"), "waiting", number
        open_tasks = self.open_tasks(t)
        if open_tasks:
            stage = min((stage_of(h) for h in open_tasks), key=ORDER.index)
            governing = [h for h in open_tasks if stage_of(h) == stage]
            if all(blocked(h) for h in governing):
                return stage, "blocked", number
            if stage != "queue" and any(assigned(h) and not blocked(h) for h in governing):
                return stage, "active", number
            return stage, "waiting", number
        return self.own_stage(t, past, number), "waiting", number

    def own_stage(self, t: int, past: list[ev.Event], number: int) -> str:
        if not past:
            return "transit"
        starts = [i for i in range(len(past)) if starts_pass(past, i)]
        this_pass = past[starts[-1] + 1 :] if starts else past
        began = self.moment(past[starts[-1]]) if starts else None
        if not accepted(past, this_pass):
            return "triage"
        if any(isinstance(e, ev.FixInstalled) for e in this_pass):
            return "verify"
        if any(isinstance(e, ev.FixOffered) for e in this_pass):
            return "install"
        for history in self.tasks:
            past_of_task = until(history, t)
            if stage_of(past_of_task) == "done" and (began is None or done_since(history, past_of_task) >= began):
                return "release"
        return "queue"

    def open_tasks(self, t: int) -> list[list[ev.Event]]:
        """What has happened by t to each task that is open at t."""
        return [past for h in self.tasks if (past := until(h, t)) and stage_of(past) in ORDER]

    def shares(self) -> tuple[dict[str, Fraction], dict[int | None, Fraction]]:
        """The effort view: every instant shared equally among the tasks open in it."""
        by_stage: dict[str, Fraction] = {}
        by_task: dict[int | None, Fraction] = {}
        for t in range(self.start, self.end):
            tasks = [] if closing(until(self.own, t)) else self.open_tasks(t)
            takers: list[tuple[str, int | None]] = [(stage_of(h), h[0].subject) for h in tasks]
            for stage, task in takers or [(self.reading(t)[0], None)]:
                by_stage[stage] = by_stage.get(stage, Fraction(0)) + Fraction(1, len(takers) or 1)
                by_task[task] = by_task.get(task, Fraction(0)) + Fraction(1, len(takers) or 1)
        return by_stage, by_task


def closing(past: list[ev.Event]) -> ev.Event | None:
    """The decision that holds after `past`, by recursion on its last event."""
    if not past:
        return None
    last, before = past[-1], closing(past[:-1])
    if isinstance(last, ev.Reopened):
        return None
    if isinstance(last, ev.VerdictGiven) and last.outcome in ("not_fixed", "worse"):
        return None
    if isinstance(last, ev.VerdictGiven) and last.outcome == "fixed":
        return before if isinstance(before, ev.VerdictGiven) else last
    if isinstance(last, ev.Rejected | ev.Closed):
        return before or last
    return before


def starts_pass(past: list[ev.Event], i: int) -> bool:
    event = past[i]
    if isinstance(event, ev.VerdictGiven):
        return event.outcome in ("not_fixed", "worse")
    return isinstance(event, ev.Reopened) and isinstance(closing(past[:i]), ev.VerdictGiven)


def merged(past: list[ev.Event]) -> bool:
    """Merged, and not reopened since."""
    marks = [e for e in past if isinstance(e, ev.Merged | ev.Reopened)]
    return bool(marks) and isinstance(marks[-1], ev.Merged)


def accepted(past: list[ev.Event], this_pass: list[ev.Event]) -> bool:
    """Merged, or accepted, offered or installed in this pass and after its last reopening that revoked anything."""
    if merged(past):
        return True
    revoked = 0
    for i, event in enumerate(this_pass):
        before = past[: len(past) - len(this_pass) + i]
        if isinstance(event, ev.Reopened) and (closing(before) is not None or merged(before)):
            revoked = i + 1
    # A merge counts as an acceptance, and so lasts until it is taken back.
    kinds = ev.Accepted | ev.FixOffered | ev.FixInstalled | ev.Merged
    return any(isinstance(e, kinds) for e in this_pass[revoked:])


def linked_at_the_end(history: list[ev.Event], tickets: frozenset[int]) -> bool:
    for ticket in tickets:
        links = [e for e in history if isinstance(e, ev.TaskLinked | ev.TaskUnlinked) and e.ticket == ticket]
        if links and isinstance(links[-1], ev.TaskLinked):
            return True
    return False


def stage_of(past: list[ev.Event]) -> str:
    if not past:
        return "not there"
    moves = [e for e in past if isinstance(e, ev.TaskMoved)]
    return moves[-1].to if moves else "queue"


def done_since(history: list[ev.Event], past: list[ev.Event]) -> int:
    """When the task came into the stage that it is in after `past`."""
    i = len(past)
    while i > 1 and stage_of(past[: i - 1]) == stage_of(past):
        i -= 1
    return effective(history, i - 1)


def blocked(past: list[ev.Event]) -> bool:
    marks = [e for e in past if isinstance(e, ev.TaskBlocked | ev.TaskUnblocked)]
    return bool(marks) and isinstance(marks[-1], ev.TaskBlocked)


def assigned(past: list[ev.Event]) -> bool:
    marks = [e for e in past if isinstance(e, ev.TaskAssigned)]
    return bool(marks) and marks[-1].someone
