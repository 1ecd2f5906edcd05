"""Let a key count no longer, not even for what it signed before."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.artifacts.kinds import KeyRevoked
from releases.artifacts.locking import locked_key
from releases.artifacts.models import SigningKey


@transaction.atomic
def revoke_key(*, actor: Actor, key: SigningKey, reason: str) -> SigningKey:
    """Revoke for `reason`; there is no way back. Raises Conflict `key.revoked`, Invalid `key.reason_missing`."""
    key = locked_key(key)
    actor.require("key.revoke", programme_id=key.component.programme_id)
    if key.revoked_at is not None:
        raise Conflict("key.revoked", _("The key %(key)s is revoked already.") % {"key": key.key_id})
    reason = reason.strip()
    if not reason:
        raise Invalid(
            "key.reason_missing", _("Say why the key %(key)s is revoked.") % {"key": key.key_id}, field="reason"
        )
    key.revoked_by_id = actor.user_id
    key.revoked_at = clock.now()
    key.revoked_reason = reason
    key.save(update_fields=["revoked_by", "revoked_at", "revoked_reason"])
    record(KeyRevoked(key_id=key.key_id, reason=reason), subject=key, actor=actor)
    return key
