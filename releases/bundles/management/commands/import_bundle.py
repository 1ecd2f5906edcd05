"""`manage.py import_bundle FILE`: take a release in that came on a stick."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from foundation.accounts.actors import SYSTEM
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.progress import Progress
from releases.models import Channel


class Command(OperatorCommand):
    """Killed at any moment it leaves nothing half imported; it can be run again."""

    help = "Check a bundle by the keys that are registered here, and take its release in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the .tar file as it is on the stick")
        parser.add_argument(
            "--channel", default="", choices=["", *Channel.values], help="give it out here to who receives this channel"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(self.stderr)
        try:
            with options["file"].open("rb") as file:
                bundle = import_bundle(actor=SYSTEM, file=file, channel=options["channel"], progress=progress)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        finally:
            progress.close()
        keys = [one.key.key_id for one in bundle.signatures.select_related("key")]
        told = {
            "id": bundle.pk,
            "component": bundle.component.slug,
            "version": bundle.version,
            "sequence": bundle.sequence,
            "commit": bundle.commit,
            "channel": bundle.channel,
            "release": bundle.release_id,
            "signed_by": keys,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            by = ", ".join(keys)
            self.stdout.write(f"{bundle} (number {bundle.sequence}, commit {bundle.commit[:10]}), signed by {by}.")
