"""Register the public half of a key; it counts once somebody else has confirmed it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.catalogue.models import Component
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from foundation.kit.transactions import lock
from releases.artifacts import minisign
from releases.artifacts.faults import Fault
from releases.artifacts.kinds import KeyRegistered
from releases.artifacts.models import SigningKey
from releases.artifacts.sentences import refusal_of
from releases.models import Channel


@transaction.atomic
def register_key(
    *,
    actor: Actor,
    component: Component,
    public_key: str,
    holder: User,
    channels: Collection[str],
    name: str = "",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> SigningKey:
    """Register `holder`'s key for the component and these channels.

    Raises Invalid `key.…`, Conflict `key.registered` (for this component already) or `key.of_another` (somebody's).
    """
    actor.require("key.register", programme_id=component.programme_id)
    try:
        key = minisign.read_public_key(public_key)
    except Fault as fault:
        raise refusal_of(fault, field="public_key") from fault
    unknown = sorted(set(channels) - set(Channel.values))
    if unknown or not channels:
        raise Invalid(
            "key.channels",
            _("Choose the channels that the key's signatures count for: %(channels)s.")
            % {"channels": ", ".join(Channel.values)},
            field="channels",
        )
    now = clock.now()
    valid_from = valid_from or now
    if valid_until is not None and valid_until <= max(valid_from, now):
        raise Invalid("key.validity", _("The key's validity would be over already."), field="valid_until")
    lock(f"artifacts.key:{key.text}")
    _check_new(component, key, holder)
    found = SigningKey.objects.create(
        component=component,
        holder=holder,
        name=name.strip() or holder.display_name,
        key_id=key.name,
        public_key=key.text,
        channels=[channel for channel in Channel.values if channel in channels],
        valid_from=valid_from,
        valid_until=valid_until,
        registered_by_id=actor.user_id,
        registered_at=now,
    )
    payload = KeyRegistered(
        component_id=component.pk, key_id=found.key_id, holder_id=holder.pk, channels=list(found.channels)
    )
    record(payload, subject=found, actor=actor)
    return found


def _check_new(component: Component, key: minisign.PublicKey, holder: User) -> None:
    if not holder.is_active or not holder.memberships.filter(team__programmes=component.programme_id).exists():
        raise Invalid(
            "key.holder",
            _("%(holder)s works in no team of the programme of %(component)s.")
            % {"holder": holder.display_name, "component": component},
            field="holder",
        )
    same = list(SigningKey.objects.filter(public_key=key.text).select_related("holder"))
    if any(other.component_id == component.pk for other in same):
        raise Conflict(
            "key.registered",
            _("The key %(key)s is registered for %(component)s already.") % {"key": key.name, "component": component},
            field="public_key",
        )
    if any(other.holder_id != holder.pk for other in same):
        raise Conflict(
            "key.of_another",
            _("The key %(key)s is registered as somebody else's. Every holder needs a key of their own.")
            % {"key": key.name},
            field="holder",
        )
