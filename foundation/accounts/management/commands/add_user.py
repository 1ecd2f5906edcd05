"""`manage.py add_user`: make an account, such as the first administrator's, before anybody can sign in."""

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from foundation.accounts.actions.add_membership import add_membership
from foundation.accounts.actions.add_team import add_team
from foundation.accounts.actions.add_user import add_user
from foundation.accounts.actions.make_password_link import make_password_link
from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import Role, Team, TeamKind, User
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError


class Command(OperatorCommand):
    """Without a password on standard input it prints a link by which the person sets one."""

    help = "Make an account with a role in a team; with --new-team, the team as well."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", default="", help="the person's name, as others shall read it")
        parser.add_argument("--email", default="")
        parser.add_argument("--language", default="", help="en, uk or nb (default: as the browser asks)")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--team", required=True, help="the team's slug")
        parser.add_argument("--new-team", default="", metavar="NAME", help="set the team up under this name first")
        parser.add_argument("--team-kind", default=TeamKind.ENGINEERING, choices=TeamKind.values)
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        try:
            user, link = self._make(options, password)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"id": user.pk, "username": user.username, "password_link": link or None}))
            return
        self.stdout.write(f"{user.username} is {options['role']} in {options['team']}.")
        if link:
            self.stdout.write(f"Set the password once, with this link: {link}")

    @transaction.atomic
    def _make(self, options: dict[str, Any], password: str | None) -> tuple[User, str]:
        team = self._team(options)
        fields = {field: options[field] for field in ("username", "name", "email", "language")}
        user = add_user(actor=SYSTEM, password=password, **fields)
        add_membership(actor=SYSTEM, user=user, team=team, role=Role(options["role"]))
        if password is not None:
            return user, ""
        return user, settings.PUBLIC_URL.rstrip("/") + make_password_link(actor=SYSTEM, user=user)

    @staticmethod
    def _team(options: dict[str, Any]) -> Team:
        if options["new_team"]:
            kind = TeamKind(options["team_kind"])
            return add_team(actor=SYSTEM, name=options["new_team"], slug=options["team"], kind=kind)
        team = Team.objects.filter(slug=options["team"]).first()
        if team is None:
            known = ", ".join(Team.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
            raise CommandError(
                f"There is no team “{options['team']}”. There are: {known}. Set it up with --new-team NAME."
            )
        return team
