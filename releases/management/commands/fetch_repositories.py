"""`manage.py fetch_repositories [slug …]`: fetch now, here, without a worker."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from foundation.accounts.actors import SYSTEM
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError
from releases.actions.fetch_repository import fetch_repository
from releases.management.telling import Teller
from releases.models import Repository


class Command(OperatorCommand):
    """Useful without beat, after a long outage, and in scripts."""

    help = "Fetch repositories now: all of them, or those named by their slugs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", help="which ones (default: all)")
        parser.add_argument("--json", action="store_true", help="print the results as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        repositories = Repository.objects.select_related("component").order_by("slug")
        if options["slugs"]:
            repositories = repositories.filter(slug__in=options["slugs"])
            unknown = set(options["slugs"]) - {repository.slug for repository in repositories}
            if unknown:
                raise CommandError(f"There is no repository “{'”, “'.join(sorted(unknown))}”.")
        results = [self._fetch(repository) for repository in repositories]
        if options["json"]:
            self.stdout.write(json.dumps(results))
        else:
            for result in results:
                self.stdout.write(f"{result['slug']}: {result['error'] or str(result['commits']) + ' new commits'}")
        if any(result["error"] for result in results):
            raise CommandError("Not every repository could be fetched.")

    def _fetch(self, repository: Repository) -> dict[str, Any]:
        teller, error, commits = Teller(self.stderr), "", 0
        try:
            found = fetch_repository(actor=SYSTEM, repository=repository, progress=teller)
            commits = found.commits_count if found else 0
        except DomainError as refused:
            error = str(refused)
        finally:
            teller.close()
        return {"slug": repository.slug, "commits": commits, "error": error}
