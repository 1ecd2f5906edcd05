"""`manage.py verify_journal`: proves that nothing in the journal was altered since it was sealed."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from foundation.journal.verifying import Report, verify
from foundation.kit.commands import OperatorCommand


def anchor(text: str) -> tuple[int, str]:
    """Read NUMBER:HASH."""
    number, colon, digest = text.partition(":")
    if not (number.isdecimal() and colon and len(digest) == 64):
        raise ArgumentTypeError(f"{text!r} is not NUMBER:HASH, such as 812:9f86d081… (64 hexadecimal digits).")
    return int(number), digest.lower()


class Command(OperatorCommand):
    help = "Prove that no sealed entry of the journal was altered, removed or slipped in. Exit code 1 if one was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor", type=anchor, metavar="NUMBER:HASH", help="a seal that you have kept outside of the database"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        report = verify(anchor=options["anchor"], progress=self._progress)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json()))
        elif report.finding is None:
            self.stdout.write(
                f"Intact: {report.entries:,} entries in {report.seals:,} seals, {report.unsealed:,} not sealed yet.\n"
                f"Head {report.head}:{report.head_hash}"
            )
        else:
            self.stdout.write(
                f"{report.finding.sentence}\nIntact before it: {report.entries:,} entries in {report.seals:,} seals."
            )
        if report.finding is not None:
            sys.exit(1)

    def _progress(self, report: Report) -> None:
        self.stderr.write(f"{report.entries:,} entries in {report.seals:,} seals are intact", ending="\r")
        self.stderr.flush()
