"""Make an API token."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import TokenCreated
from foundation.accounts.models import ApiToken, User
from foundation.accounts.saving import save_checked
from foundation.accounts.validation import check_scopes
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Forbidden, Invalid

LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token with its plain text, which nobody can ever read again."""

    token: ApiToken
    plaintext: str


@transaction.atomic
def create_token(*, actor: Actor, user: User, name: str, scopes: Iterable[str], expires_at: datetime) -> NewToken:
    """Make a token that acts in the user's name, within `scopes`, until `expires_at` (at most a year away).

    One makes tokens for oneself, from a session (never with another token). Raises Forbidden, Invalid.
    """
    if not actor.is_system and (actor.user_id != user.pk or actor.scopes is not None):
        raise Forbidden("accounts.token_foreign", _("A token can only be made by its owner, signed in on a page."))
    now = clock.now()
    if not now < expires_at <= now + LONGEST:
        raise Invalid(
            "accounts.expiry_out_of_range",
            _("A token must expire after now and within a year; %(expiry)s does not.")
            % {"expiry": expires_at.date().isoformat()},
            field="expires_at",
        )
    digest, plaintext = get_digest_token()
    token = ApiToken(
        digest=digest,
        token_key=plaintext[: CONSTANTS.TOKEN_KEY_LENGTH],
        user=user,
        name=name,
        scopes=check_scopes(scopes),
        created=now,
        expiry=expires_at,
    )
    save_checked(token, room="accounts")
    record(
        TokenCreated(user_id=user.pk, name=name, scopes=token.scopes, expires_at=expires_at),
        subject=token,
        actor=actor,
    )
    return NewToken(token, plaintext)
