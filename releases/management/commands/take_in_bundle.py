"""`manage.py take_in_bundle <repository> <file>`: bring a history in from a git bundle, here and now."""

import json
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import CommandError, CommandParser

from foundation.accounts.actors import SYSTEM
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError
from releases.actions.take_in_bundle import take_in_bundle
from releases.actions.upload_bundle import upload_bundle
from releases.management.telling import Teller
from releases.models import Repository


class Command(OperatorCommand):
    """For sites without a line to the git host."""

    help = "Bring a history in from a git bundle (git bundle create FILE --filter=tree:0 --branches --tags)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("repository", help="the slug of the repository")
        parser.add_argument("file", type=Path, help="the bundle")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        repository = Repository.objects.select_related("component").filter(slug=options["repository"]).first()
        if repository is None:
            known = ", ".join(Repository.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no repository “{options['repository']}”. There are: {known}.")
        teller = Teller(self.stderr)
        try:
            with options["file"].open("rb") as file:
                bundle = upload_bundle(actor=SYSTEM, repository=repository, file=File(file), name=options["file"].name)
            fetch = take_in_bundle(actor=SYSTEM, bundle=bundle, progress=teller)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            teller.close()
        commits = fetch.commits_count if fetch else 0
        if options["json"]:
            self.stdout.write(json.dumps({"slug": repository.slug, "commits": commits, "sha256": bundle.sha256}))
        else:
            self.stdout.write(f"{repository.slug}: {commits} new commits")
