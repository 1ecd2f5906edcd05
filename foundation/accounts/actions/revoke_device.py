"""Let a device act for its team no longer."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import DeviceRevoked
from foundation.accounts.models import Device
from foundation.accounts.reach import require_for_team, require_person
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid


@transaction.atomic
def revoke_device(*, actor: Actor, device: Device, reason: str) -> Device:
    """Revoke it, from its next request on; what it reported stays. Say why: lost, replaced, handed on.

    Raises Forbidden, Invalid `device.reason_missing`, Conflict `device.revoked_already`.
    """
    require_person(actor, "device.revoke")
    require_for_team(actor, "device.revoke", device.team)
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Invalid("device.reason_missing", _("Say why: lost, replaced, handed on."), field="reason")
    device = Device.objects.select_for_update(of=("self",)).select_related("team").get(pk=device.pk)
    if device.revoked_at is not None:
        raise Conflict("device.revoked_already", _("“%(name)s” is revoked already.") % {"name": device.name})
    device.revoked_at, device.revoked_by_id, device.revoked_reason = clock.now(), actor.user_id, reason
    device.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    record(
        DeviceRevoked(team_id=device.team_id, name=device.name, reason=reason),
        subject=device,
        actor=actor,
        team_id=device.team_id,
    )
    return device
