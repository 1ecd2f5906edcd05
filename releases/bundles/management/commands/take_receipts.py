"""`manage.py take_receipts FILE`: take in what came back from the front."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from foundation.accounts.actors import SYSTEM
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError
from releases.bundles.actions.take_receipts import take_receipts
from releases.bundles.models import Receipt
from releases.bundles.progress import Progress
from releases.bundles.receipts import LARGEST


class Command(OperatorCommand):
    """The same file again changes nothing; lines that are refused say why, and are kept."""

    help = "Take in a file of receipts: receipt.txt as it was filled in, CSV, or JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(self.stderr)
        try:
            with options["file"].open("rb") as file:
                content = file.read(LARGEST + 1)
            taken = take_receipts(
                actor=SYSTEM,
                content=content,
                source=options["file"].name,
                progress=lambda done, total: progress("taking receipts in", done, total),
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        finally:
            progress.close()
        refused = [{"line": one.number, "error": one.error} for one in taken.refused]
        told = {
            "taken": taken.count(Receipt.State.TAKEN),
            "kept": taken.count(Receipt.State.KEPT),
            "known": len(taken.known),
            "refused": refused,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"{told['taken']} taken in, {told['kept']} kept, of these {told['known']} known before.")
        for one in refused:
            self.stderr.write(f"line {one['line']}: {one['error']}")
        if refused:
            raise CommandError(f"{len(refused)} of {len(taken.receipts)} receipts were refused; the others are in.")
