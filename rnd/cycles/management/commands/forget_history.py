"""`manage.py forget_history`: takes away what import_history stored under a name."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.kit.errors import DomainError
from rnd.cycles.actions import forget_history
from rnd.cycles.imported import histories


class Command(BaseCommand):
    help = (
        "Take away every case that import_history stored under a name. Without --yes it says what would go, and "
        "changes nothing. May be interrupted at any moment: all of it is gone then, or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", required=True, help="the name under which the history is kept")
        parser.add_argument("--yes", action="store_true", help="do it; without it, nothing is changed")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        source, known = options["source"], histories()
        found = next((one for one in known if one.source == source), None)
        if found is None:
            there = ", ".join(f"{one.source} ({one.cases:,} cases, {one.programme.slug})" for one in known)
            raise CommandError(f"No history {source!r} was imported. There are: {there or 'none'}.")
        try:
            with transaction.atomic():
                done = forget_history(actor=SYSTEM, programme=found.programme, source=source)
                transaction.set_rollback(not options["yes"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        result = {
            "source": source,
            "programme": found.programme.slug,
            "cases": done.cases,
            "first": found.first.isoformat(),
            "last": found.last.isoformat(),
            "earlier_baselines": done.earlier_baselines,
            "forgotten": options["yes"],
        }
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else _told(result))


def _told(result: dict[str, Any]) -> str:
    first, last = (result[name][:10] for name in ("first", "last"))
    lines = [f"{result['source']}: {result['cases']:,} cases of {result['programme']}, begun {first} to {last}."]
    if result["earlier_baselines"]:
        lines.append(f"{result['earlier_baselines']:,} earlier baselines name it; they stay on record.")
    lines.append("Forgotten." if result["forgotten"] else "Nothing was changed. To forget them, say --yes.")
    return "\n".join(lines)
