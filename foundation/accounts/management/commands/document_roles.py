"""`manage.py document_roles`: write the table of rights into docs/roles.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from foundation.accounts.documented import write


class Command(BaseCommand):
    """Run it after a change of any room's policies.py; a test compares."""

    help = "Write the table of rights into docs/roles.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "roles.md"
        self.stdout.write(f"{path} {'is rewritten' if write(path) else 'was true already'}.")
