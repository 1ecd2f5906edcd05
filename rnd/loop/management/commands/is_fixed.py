"""`manage.py is_fixed FB-12 --in 1.4.2`: is the fix in the build I fly?"""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from foundation.accounts.actors import SYSTEM
from foundation.kit.commands import OperatorCommand
from foundation.kit.errors import DomainError
from frontline_feedback.keys import pk_of
from frontline_feedback.queries import ticket_by_pk
from rnd.loop.api import answer_values
from rnd.loop.queries import answer_for


class Command(OperatorCommand):
    """Answers by the ancestry of commits. The exit code is 0 for yes, 1 for no, 2 where there is no answer."""

    help = "Say whether the fix for a ticket is in a build: a version, a tag, a commit, or what `git describe` prints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ticket", help="the ticket's key, as in FB-12")
        parser.add_argument(
            "--in", required=True, dest="build", help="1.4.2, v1.4.2, a branch, a1b2c3d, 1.4-3-ga1b2c3d"
        )
        parser.add_argument("--component", default="", help="the slug of a component (default: the ticket's)")
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ticket = ticket_by_pk(SYSTEM, pk_of(options["ticket"]) or 0)
            build, answer = answer_for(SYSTEM, ticket, build=options["build"], component=options["component"])
        except DomainError as error:
            raise CommandError(error.message, returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer_values(ticket, build, answer), ensure_ascii=False))
        else:
            self.stdout.write(f"{'Yes' if answer.holds else 'No'}. {answer.reason}")
            if build.dirty:
                self.stdout.write("The build has changes that are in no commit; nobody can answer for those.")
        if not answer.holds:
            raise SystemExit(1)
