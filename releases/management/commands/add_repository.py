"""`manage.py add_repository --url … --component …`: register a git repository and bring its history in."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from foundation.accounts.actors import SYSTEM
from foundation.catalogue.models import Component
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError
from releases.actions.add_repository import add_repository
from releases.actions.fetch_repository import fetch_repository
from releases.management.telling import Teller
from releases.models import Commit, Release, Repository


class Command(OperatorCommand):
    """The operator names any address that git understands, also a folder of this machine."""

    help = "Register a git repository for a component and bring in its history (commits, tags → releases)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", required=True, help="https://…, ssh://…, git@host:path, or a folder here")
        parser.add_argument("--component", required=True, help="the slug of the component that is built from it")
        parser.add_argument("--name", default="", help="what to call it (default: the last part of the address)")
        parser.add_argument("--tag-pattern", default="", help="a regular expression with one group, the version")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        component = Component.objects.filter(slug=options["component"]).first()
        if component is None:
            known = ", ".join(Component.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no component “{options['component']}”. There are: {known}.")
        url, folder = _local(options["url"])
        teller = Teller(self.stderr)
        try:
            repository = self._registered(component, url) or add_repository(
                actor=SYSTEM,
                component=component,
                url=url,
                name=options["name"],
                tag_pattern=options["tag_pattern"],
                local_path=folder,
            )
            fetch_repository(actor=SYSTEM, repository=repository, progress=teller)
        except DomainError as error:
            raise CommandError(str(error)) from error
        finally:
            teller.close()
        self._report(repository, as_json=options["json"])

    @staticmethod
    def _registered(component: Component, url: str) -> Repository | None:
        """Give the repository of an earlier call whose first fetch did not come to its end."""
        return Repository.objects.filter(component=component, url=url, imported_at=None).first()

    def _report(self, repository: Repository, *, as_json: bool) -> None:
        result = {
            "id": repository.pk,
            "slug": repository.slug,
            "name": repository.name,
            "component": repository.component.slug,
            "commits": Commit.objects.filter(repository=repository).count(),
            "releases": Release.objects.filter(repository=repository).count(),
        }
        if as_json:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(
                f"{result['name']}: {result['commits']} commits, {result['releases']} releases "
                f"in {repository.component.name}."
            )


def _local(url: str) -> tuple[str, Path | None]:
    """Give the address, and the folder to allow where it is one of this machine (also a relative one)."""
    folder = Path(url.removeprefix("file://")).expanduser()
    if url.startswith("file://") or ("://" not in url and folder.is_dir()):
        return str(folder.resolve()), folder.resolve()
    return url, None
