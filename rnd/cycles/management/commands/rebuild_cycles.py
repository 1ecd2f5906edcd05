"""`manage.py rebuild_cycles`: computes every ticket's facts anew from the journal, while the site runs."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from rnd.cycles.actions.project_tickets import computed, same
from rnd.cycles.clock import DEFINITION
from rnd.cycles.models import Loop


class Command(BaseCommand):
    help = (
        "Compute the facts of every ticket anew from the journal, a chunk at a time; reports go on meanwhile. "
        "May be interrupted at any moment: --after goes on behind a ticket."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", type=int, default=0, metavar="N", help="begin behind ticket FB-N")
        parser.add_argument("--chunk", type=int, default=500, help="tickets to one transaction (default 500)")
        parser.add_argument("--stale", action="store_true", help="only tickets without facts of the present definition")
        parser.add_argument("--check", action="store_true", help="change nothing; name what differs (then exit 1)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        read, differing, started = 0, 0, time.monotonic()
        for chunk in _chunks(options["after"], max(1, options["chunk"]), stale=options["stale"]):
            differing += self._check(chunk) if options["check"] else project_tickets(ticket_ids=chunk)
            read += len(chunk)
            rate = read / max(time.monotonic() - started, 0.001)
            self.stderr.write(f"{read:,} tickets, {rate:,.0f} a second; --after {chunk[-1]} goes on here", ending="\r")
            self.stderr.flush()
        result = {"tickets": read, "differing" if options["check"] else "changed": differing, "definition": DEFINITION}
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(f"{read:,} tickets read, {differing:,} {'differ' if options['check'] else 'changed'}.")
        if options["check"] and differing:
            raise SystemExit(1)

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


def _chunks(after: int, size: int, *, stale: bool) -> Iterator[list[int]]:
    tickets = Ticket.objects.order_by("pk")
    if stale:
        tickets = tickets.exclude(loop__definition=DEFINITION)
    while chunk := list(tickets.filter(pk__gt=after).values_list("pk", flat=True)[:size]):
        after = chunk[-1]
        yield chunk
