"""What one journal entry more costs: from its being there to the row at its ticket, by who computes.

Counted is processors' time, ours (`process_time`) and that of PostgreSQL's process for this connection: everything
until it is committed that the facts of the ticket and all roll-ups follow. The insertion of the entry, which is the
work of whoever writes it, is counted apart. The roll-ups are told to be fresh before, so that each entry finds work.
The medians leave out the first runs of a session, which plan what all later ones do. Whoever writes of a ticket has its
page open, so it is read before; what an entry costs of a ticket that nobody has looked at for long stands beside that.

What comes is mostly the next step of an open ticket. The dearest is what takes a finish away: all roll-ups change.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.bench.ground import say

ENTRIES = 200


def _said(kind: str, **data: object) -> str:
    """Give the values of an entry behind the number of its subject."""
    return f"'{kind.partition('.')[0]}', %s, '{kind}', '{json.dumps(data)}'"


def _moved(from_stage: str, to_stage: str) -> str:
    return _said("task.moved", from_stage=from_stage, to_stage=to_stage, cause="person")


def _is_of_task(said: str) -> bool:
    return said.startswith("'task'")


REOPENED = _said("ticket.reopened", reason="-")
MOVED = _moved("build", "test")
# What comes next of a ticket in each stage; in this world a task has the number of its ticket.
NEXT = {
    "triage": _said("ticket.accepted"),
    "queue": _moved("queue", "design"),
    "design": _moved("design", "build"),
    "build": _moved("build", "test"),
    "test": _moved("test", "done"),
    "release": _said("ticket.fix_offered", release_id=1, channel="fleet", version="1"),
    "install": _said("ticket.fix_installed", release_id=1, installation_id=1),
    "verify": _said(
        "ticket.verdict_given", verdict_id=1, release_id=1, hardware_id=None, pass_number=1, outcome="fixed"
    ),
}


@dataclass(slots=True)
class Costs:
    """Seconds of each run: on the wall, of our processor, and of PostgreSQL's."""

    server: int
    walls: list[float] = field(default_factory=list)
    here: list[float] = field(default_factory=list)
    there: list[float] = field(default_factory=list)

    def of(self, work: Callable[[], Any]) -> None:
        """Measure one run."""
        there, here, wall = cpu_of(self.server), time.process_time(), time.perf_counter()
        work()
        self.walls.append(time.perf_counter() - wall)
        self.here.append(time.process_time() - here)
        self.there.append(cpu_of(self.server) - there)

    def told(self, name: str, aim: str = "") -> None:
        """Print the medians."""
        wall, here, there = (median(some) * 1e3 for some in (self.walls, self.here, self.there))
        both = median([ours + theirs for ours, theirs in zip(self.here, self.there, strict=True)]) * 1e3
        parts = f"of CPU: {here:.2f} ms here, {there:.2f} ms in PostgreSQL; {wall:.2f} ms on the wall"
        say(name, f"{both:.2f} ms", aim, parts)


def median(some: list[float]) -> float:
    """Give the middle one of the numbers."""
    return sorted(some)[len(some) // 2]


def cpu_of(pid: int) -> float:
    """Give the processor seconds of a process, to the nanosecond where the kernel tells them so."""
    precise = Path(f"/proc/{pid}/schedstat")
    if precise.exists():
        return int(precise.read_text().split()[0]) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def one_entry(count: int) -> None:
    """Bring one ticket's row and roll-ups up to date after one entry more, over and over."""
    from django.db import connection

    from foundation.journal import registry, running
    from rnd.cycles.actions import project_entries, project_tasks

    def follow(entry: Any) -> None:
        project_entries(entries=[entry])

    def follow_work(entry: Any) -> None:
        follow(entry)
        project_tasks(task_ids={entry.subject_id})

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    # In a session as workers have it: plans are kept, and commits do not wait for the disk.
    with running.alone(registry.named("cycles.project")), _fresh():
        for name, entries, work, looked_at in (
            ("what comes next at each stage", _next_entries(), follow, True),
            ("a finished loop is opened again", _entries(REOPENED, count, step=7919), follow, True),
            ("the same, of a forgotten ticket", _entries(REOPENED, count, step=6997), follow, False),
            ("its task moved", _entries(MOVED, count, step=5987), follow, True),
            ("its task moved, and its work", _entries(MOVED, count, step=4999), follow_work, True),
        ):
            costs, writing = Costs(backend), Costs(backend)
            for said, ticket in entries:
                if looked_at:
                    _look_at(ticket)
                entry = _written(writing, said, ticket)
                costs.of(partial(work, entry))
            del costs.walls[:10], costs.here[:10], costs.there[:10]
            costs.told(f"one entry to its row, {name}", "2 ms")
            writing.told("  the insertion of that entry")
    through_the_runner(backend, count)


def through_the_runner(backend: int, count: int) -> None:
    """Let the consumer read entries from the journal as a worker does: each by itself, and many in one run."""
    from foundation.journal import positions, registry, running

    consumer, writing = registry.named("cycles.project"), Costs(backend)
    start(consumer)
    alone, together = Costs(backend), Costs(backend)
    with _fresh():
        for said, ticket in _entries(REOPENED, count, step=6007):
            _look_at(ticket)
            _written(writing, said, ticket)
            alone.of(lambda: running.run(consumer, below=positions.horizon()))
        alone.told("  with all that a worker does for one alone")
        for said, ticket in _entries(REOPENED, count, step=5003):
            _written(writing, said, ticket)
        outcomes: list[Any] = []
        together.of(lambda: outcomes.append(running.run(consumer, below=positions.horizon())))
    for figures in (together.walls, together.here, together.there):
        figures[:] = [figures[0] / ENTRIES]
    assert outcomes[0].handled == ENTRIES, outcomes
    together.told(f"  each of {ENTRIES} that a worker reads together")


def start(consumer: Any) -> None:
    """Let a consumer stand at the end of the journal, as if it had read everything."""
    from django.db import connection

    from foundation.journal import positions
    from foundation.journal.models import Cursor

    Cursor.objects.filter(consumer=consumer.name).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")  # what is there already lies below this transaction
    positions.new_cursors([replace(consumer, start="now")], positions.outlook())


def _look_at(ticket: int) -> None:
    """Read what the page of a ticket shows of its loop."""
    from frontline_feedback.models import Ticket
    from rnd.cycles.queries import loop_of, stored_loop_of

    assert loop_of(Ticket.objects.get(pk=ticket)) is not None
    assert stored_loop_of(ticket) is not None


def _next_entries() -> Iterator[tuple[str, int]]:
    """Give what comes next, and of which open ticket: of each stage in turn, and tickets from all of the two years."""
    from django.db.models import TextField
    from django.db.models.functions import MD5, Cast

    from rnd.cycles.models import Loop
    from rnd.engineering.models import Task

    tickets = {}
    for stage, said in NEXT.items():
        here = Loop.objects.filter(current_stage=stage).order_by(MD5(Cast("pk", TextField())))
        if _is_of_task(said):
            here = here.filter(pk__in=Task.objects.values("pk"))
        tickets[stage] = list(here.values_list("pk", flat=True)[: ENTRIES // len(NEXT)])
    for some in zip_longest(*tickets.values()):
        yield from ((said, ticket) for said, ticket in zip(NEXT.values(), some, strict=True) if ticket is not None)


def _entries(said: str, count: int, *, step: int) -> Iterator[tuple[str, int]]:
    """Give so many tickets from all of the two years, and what is said of them; of tasks only where there is one."""
    from rnd.engineering.models import Task

    found = 0
    for number in range(1, count):
        ticket = 1 + (number * step) % count
        if _is_of_task(said) and not Task.objects.filter(pk=ticket).exists():
            continue
        found += 1
        yield said, ticket
        if found == ENTRIES:
            return


def _written(costs: Costs, said: str, subject: int) -> Any:
    """Write an entry as bare as can be, and give it."""
    from django.db import connection

    from foundation.journal import positions

    query = (
        "INSERT INTO journal_entry (subject_type, subject_id, kind, data, occurred_at, recorded_at, actor_kind, "
        f"actor_name) VALUES ({said}, now(), now(), 'user', '') RETURNING id"
    )
    with connection.cursor() as cursor:
        costs.of(lambda: cursor.execute(query, [subject]))
        return positions.entry(cursor.fetchone()[0])


@contextmanager
def _fresh() -> Iterator[None]:
    """Let all roll-ups be marked as computed meanwhile, and all as stale behind it, so that they are computed anew."""
    _mark("computed = version")
    try:
        yield
    finally:
        _mark("version = version + 1")


def _mark(change: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("cycles_span", "cycles_slab"):
            cursor.execute(f"UPDATE {table} SET {change}")
            cursor.execute(f"VACUUM ANALYZE {table}")
