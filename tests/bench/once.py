"""One process that fetches one repository, or does not, and says what memory it came to: `… .once PK fetch|nothing`.

The bench of git starts it with its own database, so that nothing else has grown the process before.
"""

from __future__ import annotations

import sys

import django


def main(pk: int, what: str) -> None:
    """Print the most bytes held."""
    django.setup()
    from foundation.accounts.actors import SYSTEM
    from releases.actions.fetch_repository import fetch_repository
    from releases.models import Repository
    from tests.bench.costs import held

    repository = Repository.objects.select_related("component").get(pk=pk)
    if what == "fetch":
        assert fetch_repository(actor=SYSTEM, repository=repository) is not None
    sys.stdout.write(f"{held()}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
