"""`manage.py make_bundle <component> <version> --out …`: a release as one file for a USB stick."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from foundation.accounts.actors import SYSTEM
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError
from releases.artifacts.checking import Tampered
from releases.bundles.actions.make_bundle import make_bundle
from releases.bundles.making import team_of
from releases.bundles.plan import Bundle
from releases.bundles.progress import Progress
from releases.bundles.sending import sent
from releases.queries import release_of


class Command(OperatorCommand):
    """The file appears under its name only once all of it is written."""

    help = "Write a published, signed release as one file that minisign and sha256sum alone can check."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("component", help="the slug of the component")
        parser.add_argument("version", help="the version")
        parser.add_argument("--out", required=True, type=Path, help="the file to write, or a folder to write it into")
        parser.add_argument("--team", default="", help="the slug of the team that gets it (its tickets are answered)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(self.stderr)
        try:
            release = release_of(SYSTEM, options["component"], options["version"])
            bundle = make_bundle(actor=SYSTEM, release=release, team=team_of(SYSTEM, release, options["team"]))
            out = options["out"] / bundle.name if options["out"].is_dir() else options["out"]
            digest = _write(bundle, out, progress)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except Tampered as error:
            raise CommandError(f"A file was changed in the storage, and no bundle is made: {error}.") from error
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from error
        finally:
            progress.close()
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(out), "size": bundle.size, "sha256": digest}))
        else:
            self.stdout.write(f"{out}: {bundle.size} bytes, sha256 {digest}.")


def _write(bundle: Bundle, out: Path, progress: Progress) -> str:
    whole, done = hashlib.sha256(), 0
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            for chunk in sent(bundle):
                file.write(chunk)
                whole.update(chunk)
                done += len(chunk)
                progress(f"writing {out.name}", done, bundle.size)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return whole.hexdigest()
