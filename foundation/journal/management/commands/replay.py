"""`manage.py replay CONSUMER`: builds what a consumer projects anew from the whole journal."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.journal import registry, replaying


class Command(BaseCommand):
    help = (
        "Empty what a consumer built and build it again from the journal. May be interrupted at any moment: "
        "workers go on from there, and so does --resume."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("consumer", help=f"one of: {', '.join(replaying.replayable()) or 'none is replayable yet'}")
        parser.add_argument("--resume", action="store_true", help="go on with an interrupted replay, emptying nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        name: str = options["consumer"]
        try:
            consumer = registry.named(name) if options["resume"] else replaying.start(name)
        except (LookupError, replaying.NotReplayable, replaying.Busy) as error:
            raise CommandError(str(error.args[0])) from error
        outcome = replaying.go_on(consumer, progress=self._progress)
        if options["json"]:
            result = {"consumer": name, "handled": outcome.handled, "parked": len(outcome.failures)}
            self.stdout.write(json.dumps({**result, "busy": outcome.busy}))
        elif outcome.busy:
            self.stdout.write(f"{name}: {outcome.handled:,} entries; another process has taken over from here.")
        else:
            self.stdout.write(f"{name}: {outcome.handled:,} entries, {len(outcome.failures)} parked.")

    def _progress(self, handled: int) -> None:
        self.stderr.write(f"{handled:,} entries", ending="\r")
        self.stderr.flush()
