"""`manage.py create_token`: make an API token for a person, for instance in a set-up script."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser

from foundation.accounts.actions.create_token import create_token
from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import User
from foundation.kit import clock
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError


class Command(OperatorCommand):
    """The token's text is printed once, and alone on standard output, so that a script can catch it."""

    help = "Make an API token that acts for a person within the given scopes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True, help="what will use it")
        parser.add_argument("--scope", required=True, action="append", help="such as feedback:read; may be repeated")
        parser.add_argument("--days", type=int, default=90, help="how long it lives (default: 90, at most 366)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”. Make one with add_user.")
        try:
            created = create_token(
                actor=SYSTEM,
                user=user,
                name=options["name"],
                scopes=options["scope"],
                expires_at=clock.now() + timedelta(days=options["days"]),
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            expiry = created.token.expiry.isoformat()
            shown = {"token": created.plaintext, "scopes": created.token.scopes, "expires_at": expiry}
            self.stdout.write(json.dumps(shown))
        else:
            self.stdout.write(created.plaintext)
