"""`manage.py import_history`: cases of another tracker, so that there is something to compare with."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Final, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import CharField

from foundation.accounts.actors import SYSTEM
from foundation.catalogue.models import Programme
from foundation.kit.errors import DomainError
from rnd.cycles.actions import import_history
from rnd.cycles.history import mapping, tables, trackers, xes
from rnd.cycles.history.cases import Case, StageMap, Unreadable, Zoned, shown
from rnd.cycles.models import ImportedCase

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
            _storable("source", options["source"])
            stages, columns = _mapping(options["mapping"])
            zoned = Zoned(stages.zone)
            with _opened(options["file"]) as file:
                cases = list(FORMATS[options["format"]](file, zoned, columns))
            _all_storable(cases)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise CommandError(f"{options['file']} cannot be unpacked, it is damaged or cut: {error}.") from error
        except (Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        try:
            with transaction.atomic():
                done = import_history(
                    actor=SYSTEM, programme=programme, source=options["source"], cases=cases, mapping=stages
                )
                transaction.set_rollback(options["dry_run"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        result = {
            "cases": done.cases + done.without_events,
            "events": done.events,
            "without_events": done.without_events,
            "joined": done.joined,
            "ambiguous_times": zoned.ambiguous,
            "impossible_times": zoned.impossible,
            "unmapped": done.unmapped,
            "dry_run": options["dry_run"],
            "changed": done.changed,
        }
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else _told(result))


def _mapping(path: str | None) -> tuple[StageMap, dict[str, str]]:
    if path is None:
        return StageMap(), {}
    try:
        return mapping.load(Path(path).read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"The mapping {path} is not UTF-8: {error}.") from error


def _all_storable(cases: list[Case]) -> None:
    """Refuse what holds no case, and names and states that the database cannot hold."""
    if not cases:
        raise Unreadable("The file holds no case, so there is nothing to import.")
    for case in cases:
        _storable("name", case.name)
        for event in case.events:
            _encodable(event.state, f"In case {shown(case.name)} the state")


def _storable(field: str, text: str) -> None:
    called = "The source" if field == "source" else "The case name"
    if not text.strip():
        raise Unreadable(f"{called} is empty. Give it a name.")
    limit = cast("CharField[str, str]", ImportedCase._meta.get_field(field)).max_length
    if limit is not None and len(text) > limit:
        raise Unreadable(f"{called} {shown(text)} has {len(text):,} characters. At most {limit} are kept.")
    _encodable(text, called)


def _encodable(text: str, called: str) -> None:
    try:
        kept = "\0" not in text and text.encode() is not None
    except UnicodeEncodeError:
        kept = False
    if not kept:
        raise Unreadable(f"{called} {shown(text)} holds a character that cannot be kept.")


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    """Open the file, unpacked where it is gzipped."""
    with ExitStack() as stack:
        file = sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
        if cast("BufferedReader", file).peek(2)[:2] == b"\x1f\x8b":
            yield cast("IO[bytes]", stack.enter_context(gzip.open(file)))
        else:
            yield file


def _told(result: dict[str, Any]) -> str:
    lines = [f"{result['cases']:,} cases, {result['events']:,} events."]
    if result["dry_run"]:
        lines.append(f"Nothing was stored (--dry-run); {result['changed']:,} would be.")
    else:
        same = result["cases"] - result["without_events"] - result["changed"]
        lines.append(f"{result['changed']:,} stored; {same:,} were just so before.")
    if result["joined"]:
        lines.append(f"{result['joined']:,} cases had the name of another one, and were joined with it.")
    if result["without_events"]:
        lines.append(f"{result['without_events']:,} cases have no events and were left out.")
    if result["ambiguous_times"]:
        lines.append(f"{result['ambiguous_times']:,} local times came twice that night (the clocks went back).")
    if result["impossible_times"]:
        lines.append(f"{result['impossible_times']:,} local times never came (the clocks went forward).")
    for state, count in result["unmapped"].items():
        lines.append(f"not mapped to a stage: {state} ({count:,} events)")
    return "\n".join(lines)
