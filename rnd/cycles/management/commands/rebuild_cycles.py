"""`manage.py rebuild_cycles`: computes the facts of all tickets and tasks anew from the journal; the site runs on."""

import json
import os
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from rnd.cycles.actions.project_tasks import differing_tasks
from rnd.cycles.actions.project_tickets import computed, same
from rnd.cycles.clock import DEFINITION
from rnd.cycles.facts.columnar.loops import refresh_loops
from rnd.cycles.facts.columnar.work import refresh_work
from rnd.cycles.facts.spans import refresh_spans
from rnd.cycles.models import Loop
from rnd.cycles.rebuilding import crew
from rnd.cycles.rebuilding.chunks import (
    CHUNK,
    Progress,
    rebuild,
    task_chunks,
    task_numbers,
    tell_planner,
    ticket_chunks,
    ticket_numbers,
)
from rnd.cycles.rebuilding.filling import fill_in, fill_no_more


def _was_interrupted(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C is behind it: a query that it broke off ends in an error of the database."""
    return error is not None and (isinstance(error, KeyboardInterrupt) or _was_interrupted(error.__context__))


class Command(BaseCommand):
    help = (
        "Compute the facts of every ticket, and then of every task, anew from the journal, a chunk at a time; reports "
        "go on meanwhile. May be interrupted at any moment: --after and --after-task go on behind a ticket, or a task."
    )
    # The option with which an interrupted rebuild goes on.
    here = "--after 0"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", type=int, default=0, metavar="N", help="begin behind ticket FB-N")
        parser.add_argument(
            "--after-task", type=int, metavar="N", help="begin behind task ENG-N, and leave the tickets as they are"
        )
        parser.add_argument("--chunk", type=int, default=CHUNK, help=f"tickets to one transaction (default {CHUNK})")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one for each core")
        parser.add_argument("--stale", action="store_true", help="only tickets without facts of the present definition")
        parser.add_argument("--check", action="store_true", help="change nothing; name what differs (then exit 1)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._rebuild(options)
        except BaseException as error:
            if not _was_interrupted(error):
                raise
            self.stderr.write(f"\nInterrupted; {self.here} goes on here.")
            raise SystemExit(130) from None

    def _rebuild(self, options: dict[str, Any]) -> None:
        size, check = max(1, options["chunk"]), options["check"]
        processes = max(1, options["processes"])
        tickets = tasks = Progress()
        if options["after_task"] is None:
            after, numbers = options["after"], ticket_numbers(stale=options["stale"])
            self.here = f"--after {after}"
            chunks = ticket_chunks(after=after, size=size, stale=options["stale"])
            steps = self._checked(chunks, self._check) if check else rebuild(chunks, processes=processes)
            tickets = self._shown(steps, numbers.filter(pk__gt=after).count(), "tickets", "--after")
        if not options["stale"]:
            after = options["after_task"] or 0
            self.here = f"--after-task {after}"
            chunks = task_chunks(after=after, size=size)
            steps = (
                self._checked(chunks, self._check_tasks)
                if check
                else rebuild(chunks, processes=processes, work=crew.project_tasks)
            )
            tasks = self._shown(steps, task_numbers().filter(pk__gt=after).count(), "tasks", "--after-task")
            if not check:
                fill_no_more()
        while options["stale"] and not check and fill_in():
            pass
        if not check:
            tell_planner()
            refresh_spans()
            refresh_loops()
            refresh_work()
        self._say(tickets, tasks, options)
        if check and tickets.changed + tasks.changed:
            raise SystemExit(1)

    def _say(self, tickets: Progress, tasks: Progress, options: dict[str, Any]) -> None:
        if options["json"]:
            counted = "differing" if options["check"] else "changed"
            result = {"tickets": tickets.tickets, counted: tickets.changed, "definition": DEFINITION}
            result |= {"tasks": tasks.tickets, f"{counted}_tasks": tasks.changed}
            self.stdout.write(json.dumps(result))
            return
        said = "differ" if options["check"] else "changed"
        self.stdout.write(f"{tickets.tickets:,} tickets read, {tickets.changed:,} {said}.")
        self.stdout.write(f"{tasks.tickets:,} tasks read, {tasks.changed:,} {said}.")

    def _shown(self, steps: Iterable[Progress], total: int, what: str, option: str) -> Progress:
        started, progress = time.monotonic(), Progress()
        for progress in steps:
            rate = progress.tickets / max(time.monotonic() - started, 0.001)
            total = max(total, progress.tickets)  # some may have come since
            done = f"{progress.tickets:,} of {total:,} {what} ({100 * progress.tickets // total} %)"
            self.here = f"{option} {progress.behind}"
            self.stderr.write(f"{done}, {rate:,.0f} a second; {self.here} goes on here", ending="\r")
            self.stderr.flush()
        return progress

    def _checked(self, chunks: Iterable[list[int]], check: Callable[[list[int]], int]) -> Iterator[Progress]:
        progress = Progress()
        for chunk in chunks:
            progress = progress.plus(chunk, check(chunk))
            yield progress

    def _check_tasks(self, chunk: list[int]) -> int:
        wrong = differing_tasks(chunk)
        for pk in wrong:
            self.stderr.write(f"ENG-{pk} is not what the journal says.")
        return len(wrong)

    def _check(self, chunk: list[int]) -> int:
        wanted = computed(chunk)
        stored = {loop.pk: loop for loop in Loop.objects.filter(pk__in=chunk)}
        wrong = [
            pk
            for pk in chunk
            if (pk in wanted) != (pk in stored) or (pk in wanted and not same(stored[pk], wanted[pk][0]))
        ]
        for pk in wrong:
            self.stderr.write(f"FB-{pk} is not what the journal says.")
        return len(wrong)
