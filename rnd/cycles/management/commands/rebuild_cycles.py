"""`manage.py rebuild_cycles`: computes every ticket's facts anew from the journal, while the site runs."""

import json
import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from rnd.cycles.actions.project_tickets import computed, same
from rnd.cycles.blocks import refresh_blocks
from rnd.cycles.clock import DEFINITION
from rnd.cycles.models import Loop
from rnd.cycles.rebuilding import CHUNK, Progress, rebuild, ticket_chunks
from rnd.cycles.spans import refresh_spans


class Command(BaseCommand):
    help = (
        "Compute the facts of every ticket anew from the journal, a chunk at a time; reports go on meanwhile. "
        "May be interrupted at any moment: --after goes on behind a ticket."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", type=int, default=0, metavar="N", help="begin behind ticket FB-N")
        parser.add_argument("--chunk", type=int, default=CHUNK, help=f"tickets to one transaction (default {CHUNK})")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one for each core")
        parser.add_argument("--stale", action="store_true", help="only tickets without facts of the present definition")
        parser.add_argument("--check", action="store_true", help="change nothing; name what differs (then exit 1)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.started = time.monotonic()
        size = max(1, options["chunk"])
        chunks = ticket_chunks(after=options["after"], size=size, stale=options["stale"])
        progress = Progress()
        if options["check"]:
            for chunk in chunks:
                progress = progress.plus(chunk, self._check(chunk))
                self._show(progress)
        else:
            for progress in rebuild(chunks, processes=max(1, options["processes"])):
                self._show(progress)
            refresh_spans()
            refresh_blocks()
        counted = "differing" if options["check"] else "changed"
        if options["json"]:
            result = {"tickets": progress.tickets, counted: progress.changed, "definition": DEFINITION}
            self.stdout.write(json.dumps(result))
        else:
            said = "differ" if options["check"] else "changed"
            self.stdout.write(f"{progress.tickets:,} tickets read, {progress.changed:,} {said}.")
        if options["check"] and progress.changed:
            raise SystemExit(1)

    def _show(self, progress: Progress) -> None:
        rate = progress.tickets / max(time.monotonic() - self.started, 0.001)
        behind = f"--after {progress.behind} goes on here"
        self.stderr.write(f"{progress.tickets:,} tickets, {rate:,.0f} a second; {behind}", ending="\r")
        self.stderr.flush()

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
