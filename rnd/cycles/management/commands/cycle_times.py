"""`manage.py cycle_times`: the cycle times of imported histories, for scripts."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.kit import clock
from rnd.cycles.clock import DEFINITION
from rnd.cycles.clock.stages import Stage
from rnd.cycles.imported import CycleTimes, cycle_times
from rnd.cycles.models import ImportedCase


class Command(BaseCommand):
    help = "Print the cycle times of what import_history stored. All lengths are integer microseconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", help="one history; default: every one")
        shape = parser.add_mutually_exclusive_group()
        shape.add_argument("--json", action="store_true", help="figures as one JSON object")
        shape.add_argument("--csv", action="store_true", help="one line a case")

    def handle(self, *_args: Any, **options: Any) -> None:
        known = list(ImportedCase.objects.order_by("source").values_list("source", flat=True).distinct())
        wanted = known if options["source"] is None else [options["source"]]
        if strange := [source for source in wanted if source not in known]:
            raise CommandError(f"No history {strange[0]!r} was imported. There are: {', '.join(known) or 'none'}.")
        as_of = clock.now()
        figures = [cycle_times(source) for source in wanted]
        if options["csv"]:
            self._csv(figures, as_of)
        elif options["json"]:
            head = {
                "as_of": as_of.isoformat(),
                "definition": DEFINITION,
                "n": sum(some.n for some in figures),
                "filters": {} if options["source"] is None else {"source": options["source"]},
            }
            histories = [_json(some) for some in figures]
            self.stdout.write(json.dumps({**head, "histories": histories}, ensure_ascii=False))
        else:
            for some in figures:
                self.stdout.write(_told(some))

    def _csv(self, figures: list[CycleTimes], as_of: datetime) -> None:
        """Write one line a case, below its head; so what a file tells of itself stands in each line, not above."""
        lines = csv.writer(self.stdout)
        lines.writerow(
            ["source", "case", "started_at", "finished_at", "total_us", "events", "reopened", "unmapped_us"]
            + [f"{stage}_us" for stage in Stage]
            + ["as_of", "definition"]
        )
        for some in figures:
            for case in some.cases:
                ended = "" if case.finished_at is None else case.finished_at.isoformat()
                lines.writerow(
                    [case.source, case.name, case.started_at.isoformat(), ended, case.total_us, case.events]
                    + [case.reopened, case.unmapped_us]
                    + ["" if length is None else length for length in case.stages_us]
                    + [as_of.isoformat(), DEFINITION]
                )


def _json(some: CycleTimes) -> dict[str, Any]:
    return {
        "source": some.source,
        "n": some.n,
        "unfinished": some.unfinished,
        "total_us": some.total_us,
        "percentiles": {
            f"p{found.percent}": {"value_us": found.value, "low_us": found.low, "high_us": found.high}
            for found in some.percentiles
        },
        "states_us": dict(some.states),
        "stages_us": {stage.value: length for stage, length in some.stages.items()},
        "unmapped_us": some.unmapped_us,
        "reopened": some.reopened,
    }


def _told(some: CycleTimes) -> str:
    lines = [f"{some.source}: {some.n:,} finished, {some.unfinished:,} not"]
    for found in some.percentiles:
        value = "hidden (fewer than ten)" if found.value is None else f"{found.value / 86_400_000_000:.1f} days"
        lines.append(f"  p{found.percent}: {value}")
    lines += [f"  {state}: {length / 86_400_000_000:,.1f} days" for state, length in some.states.items() if length]
    return "\n".join(lines)
