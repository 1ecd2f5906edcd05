"""Confirm, as somebody else, that a registered key is its holder's."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden
from releases.artifacts.kinds import KeyConfirmed
from releases.artifacts.locking import locked_key
from releases.artifacts.models import SigningKey


@transaction.atomic
def confirm_key(*, actor: Actor, key: SigningKey) -> SigningKey:
    """Let the key count. Raises Conflict `key.not_waiting`, Forbidden `key.own_confirmation`."""
    key = locked_key(key)
    actor.require("key.confirm", programme_id=key.component.programme_id)
    if key.revoked_at is not None or key.confirmed_at is not None:
        raise Conflict("key.not_waiting", _("The key %(key)s does not wait for anybody.") % {"key": key.key_id})
    if own_part(actor.user_id, key):
        raise Forbidden(
            "key.own_confirmation",
            _("You registered the key %(key)s, or it is yours; somebody else has to confirm it.") % {"key": key.key_id},
        )
    key.confirmed_by_id = actor.user_id
    key.confirmed_at = clock.now()
    key.save(update_fields=["confirmed_by", "confirmed_at"])
    record(KeyConfirmed(key_id=key.key_id), subject=key, actor=actor)
    return key


def own_part(actor_id: int | None, key: SigningKey) -> bool:
    """Tell whether this person is too close to confirm the key."""
    return actor_id is not None and actor_id in (key.registered_by_id, key.holder_id)
