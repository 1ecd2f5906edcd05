"""Computes the facts of all tickets and tasks anew, chunk by chunk, on as many cores as are given; the site runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from frontline_feedback.models import Ticket
from rnd.cycles.clock import DEFINITION
from rnd.cycles.rebuilding import crew
from rnd.engineering.models import Task

# As many as share a lock, and few enough that no transaction holds the journal's readers back for long.
CHUNK: Final = 4096
Work = Callable[[list[int]], int]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many tickets (or tasks) were read and how many rows changed; everything up to number `behind` is done."""

    tickets: int = 0
    changed: int = 0
    behind: int = 0

    def plus(self, chunk: list[int], changed: int) -> Progress:
        """Give the progress after one more chunk."""
        return Progress(self.tickets + len(chunk), self.changed + changed, chunk[-1])


def ticket_chunks(*, after: int = 0, size: int = CHUNK, stale: bool = False) -> Iterator[list[int]]:
    """Give the numbers of all tickets behind `after` in order, in ranges that begin at a multiple of `size`.

    So two processes never wait for the lock of the same neighbours. `stale`: only those that have no facts of the
    present definition.
    """
    return _ranges(ticket_numbers(stale=stale), after, size)


def task_chunks(*, after: int = 0, size: int = CHUNK) -> Iterator[list[int]]:
    """Give the numbers of all tasks behind `after` in the same way."""
    return _ranges(task_numbers(), after, size)


def ticket_numbers(*, stale: bool = False) -> QuerySet[Ticket, int]:
    """Give the numbers of all tickets in order, or of those that have no facts of the present definition."""
    tickets = Ticket.objects.order_by("pk")
    if stale:
        tickets = tickets.exclude(loop__definition=DEFINITION)
    return tickets.values_list("pk", flat=True)


def task_numbers() -> QuerySet[Task, int]:
    """Give the numbers of all tasks in order."""
    return Task.objects.order_by("pk").values_list("pk", flat=True)


def _ranges(numbers: QuerySet[Ticket, int] | QuerySet[Task, int], after: int, size: int) -> Iterator[list[int]]:
    while (first := numbers.filter(pk__gt=after).first()) is not None:
        end = (first // size + 1) * size
        yield list(numbers.filter(pk__gte=first, pk__lt=end))
        after = end - 1


def rebuild(chunks: Iterable[list[int]], *, processes: int, work: Work = crew.project) -> Iterator[Progress]:
    """Project the chunks of ticket (or task) numbers, each in a transaction of its own; give the progress after each.

    With one process, or one chunk, it happens here.
    """
    remaining = iter(chunks)
    first = list(islice(remaining, 2))
    if processes == 1 or len(first) < 2:
        progress = Progress()
        for chunk in chain(first, remaining):
            progress = progress.plus(chunk, work(chunk))
            yield progress
    else:
        yield from _together(chain(first, remaining), processes, work)


def tell_planner() -> None:
    """Tell PostgreSQL what is stored now: plans that were made over empty tables would go through all of it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cycles_loop, cycles_course, cycles_taskpart, cycles_workslab")


@contextmanager
def _no_more_when_stopped(pool: ProcessPoolExecutor) -> Iterator[None]:
    """Whoever stops a rebuild waits for the chunks that are under way, and for no others."""
    try:
        yield
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _together(remaining: Iterator[list[int]], processes: int, work: Work) -> Iterator[Progress]:
    """Each process connects for itself; `behind` counts only what is done without a gap."""
    progress, born = Progress(), get_context("forkserver")
    born.set_forkserver_preload(["rnd.cycles.rebuilding.crew_ready"])
    with ProcessPoolExecutor(processes, born, crew.begin, (crew.address(),)) as pool, _no_more_when_stopped(pool):
        waiting: dict[Future[int], int] = {}
        ahead: list[list[int]] = []
        done: dict[int, int] = {}
        while True:
            for chunk in islice(remaining, 2 * processes - len(waiting)):
                ahead.append(chunk)
                waiting[pool.submit(work, chunk)] = chunk[0]
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                done[waiting.pop(future)] = future.result()
            while ahead and ahead[0][0] in done:
                chunk = ahead.pop(0)
                progress = progress.plus(chunk, done.pop(chunk[0]))
                yield progress
