"""`manage.py translations`: bring the message catalogues up to date, or say what they lack."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from foundation.kit.commands import OperatorCommand


class Command(OperatorCommand):
    """Extract, merge and compile the catalogues of /locale (needs requirements-dev.txt)."""

    help = "Updates locale/*/LC_MESSAGES/django.po and .mo from the code and the templates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail where a catalogue is not right")
        parser.add_argument("--missing", metavar="LANGUAGE", help="print the messages without a translation as JSON")
        parser.add_argument(
            "--fill", nargs=2, metavar=("LANGUAGE", "FILE"), help="take translations from such a JSON file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the options say."""
        try:
            from foundation.kit import catalogues
        except ModuleNotFoundError as error:
            raise CommandError(f"{error.name} is missing: install requirements-dev.txt.") from error
        root = Path(settings.BASE_DIR)
        messages = catalogues.extracted(root)
        if options["missing"]:
            rows = catalogues.missing(catalogues.merged(messages, root, options["missing"]))
            listed = [{"id": row.id, "context": row.context, "string": row.string} for row in rows]
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=1))
            return
        wrong: list[str] = []
        for language in catalogues.LANGUAGES:
            catalogue = catalogues.merged(messages, root, language)
            if options["fill"] and options["fill"][0] == language:
                catalogues.fill(catalogue, json.loads(Path(options["fill"][1]).read_text()))
            path = catalogues.po_path(root, language)
            if options["check"]:
                wrong += [f"{language}: {what}" for what in catalogues.faults(catalogue, path)]
            else:
                catalogues.write(catalogue, path)
                self.stdout.write(
                    f"{language}: {len(catalogue)} messages, {len(catalogues.missing(catalogue))} without a translation"
                )
        if wrong:
            raise CommandError("\n".join(wrong))
