"""`manage.py import_history`: cases of another tracker, so that there is something to compare with."""

from __future__ import annotations

import gzip
import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.actors import SYSTEM
from foundation.catalogue.models import Programme
from rnd.cycles.actions import import_history
from rnd.cycles.history import mapping, tables, trackers, xes
from rnd.cycles.history.cases import Case, StageMap, Unreadable, Zoned, unmapped_states

Reader = Callable[[IO[bytes], Zoned, dict[str, str]], Iterator[Case]]
FORMATS: Final[dict[str, Reader]] = {
    "xes": lambda file, zoned, _columns: xes.read(file, zoned),
    "csv": tables.read,
    "jira": lambda file, zoned, _columns: trackers.read_jira(file, zoned),
    "github": lambda file, zoned, _columns: trackers.read_github(file, zoned),
    "gitlab": lambda file, zoned, _columns: trackers.read_gitlab(file, zoned),
}


class Command(BaseCommand):
    help = (
        "Import the cases of another tracker: an event log (XES, IEEE 1849, or CSV), Jira's changelog as JSON, or "
        "GitHub's or GitLab's issue events as JSON; gzipped or not. Doing it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the export (- reads standard input)")
        parser.add_argument("--format", choices=sorted(FORMATS), required=True)
        parser.add_argument("--programme", required=True, metavar="SLUG")
        parser.add_argument("--source", required=True, help="the name under which the history is kept")
        parser.add_argument("--mapping", metavar="TOML", help="their states → our stages (docs/history.md)")
        parser.add_argument("--dry-run", action="store_true", help="read and report, store nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme {options['programme']!r}.")
        try:
            stages, columns = _mapping(options["mapping"])
            zoned = Zoned(stages.zone)
            with _opened(options["file"]) as file:
                cases = list(FORMATS[options["format"]](file, zoned, columns))
        except (Unreadable, OSError, EOFError) as error:
            raise CommandError(str(error)) from error
        result: dict[str, Any] = {
            "cases": len(cases),
            "events": sum(len(case.events) for case in cases),
            "without_events": sum(not case.events for case in cases),
            "ambiguous_times": zoned.ambiguous,
            "impossible_times": zoned.impossible,
            "unmapped": unmapped_states(cases, stages),
            "dry_run": options["dry_run"],
        }
        if not options["dry_run"]:
            done = import_history(
                actor=SYSTEM, programme=programme, source=options["source"], cases=cases, mapping=stages
            )
            result["changed"] = done.changed
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else _told(result))


def _mapping(path: str | None) -> tuple[StageMap, dict[str, str]]:
    return (StageMap(), {}) if path is None else mapping.load(Path(path).read_text(encoding="utf-8"))


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    """Open the file, unpacked where it is gzipped."""
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if packed:
            with gzip.open(file) as unpacked:
                yield unpacked  # type: ignore[misc]  # it reads bytes like any other
        else:
            yield file


def _told(result: dict[str, Any]) -> str:
    lines = [f"{result['cases']:,} cases, {result['events']:,} events."]
    if result["dry_run"]:
        lines.append("Nothing was stored (--dry-run).")
    else:
        lines.append(f"{result['changed']:,} stored; the others were just so before.")
    if result["without_events"]:
        lines.append(f"{result['without_events']:,} cases have no events and were left out.")
    if result["ambiguous_times"]:
        lines.append(f"{result['ambiguous_times']:,} local times came twice that night (the clocks went back).")
    if result["impossible_times"]:
        lines.append(f"{result['impossible_times']:,} local times never came (the clocks went forward).")
    for state, count in result["unmapped"].items():
        lines.append(f"not mapped to a stage: {state} ({count:,} events)")
    return "\n".join(lines)
