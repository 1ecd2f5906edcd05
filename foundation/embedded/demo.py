"""When the demo may exist: by default with the embedded database only, because its passwords are public.

The demo itself is made by a room above: the command `load_demo`, and settings.DEMO_SIGN_INS (a dotted name of a
function) for who can sign in.
"""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.module_loading import import_string


class SignIn(NamedTuple):
    """One of the demo's accounts."""

    username: str
    password: str
    role: str
    team: str


class DemoNotAllowed(Exception):
    """One line: why the demo's accounts may not be here, and what to do."""


def sign_ins() -> list[SignIn]:
    """Give the demo's accounts that exist in this database."""
    rows = [SignIn(*row) for row in import_string(settings.DEMO_SIGN_INS)()]
    users = get_user_model().objects.filter(username__in=[row.username for row in rows], is_active=True)
    present = set(users.values_list("username", flat=True))
    return [row for row in rows if row.username in present]


def asked_for() -> bool | None:
    """What the operator says with FIELDLOOP_DEMO: True, False, or None for nothing."""
    said: str = settings.FIELDLOOP_DEMO
    return None if said == "" else said.lower() in {"1", "true", "yes", "on"}


def require_allowed() -> None:
    """Raise DemoNotAllowed with DEBUG off and an operator's database, unless the operator asks for the demo."""
    if not (settings.DEBUG or settings.EMBEDDED or asked_for()):
        raise DemoNotAllowed(
            "The demo's accounts have public passwords: with DEBUG off and a DATABASE_URL of your own they are refused."
            " Set FIELDLOOP_DEMO=1 if you do want them."
        )
