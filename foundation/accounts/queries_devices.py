"""What pages and API read of devices and of the codes that wait for one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Device, EnrolmentCode, Team
from foundation.accounts.querysets import teams_with_devices as visible_teams
from foundation.kit.errors import NotFound


def teams_with_devices(actor: Actor) -> QuerySet[Team]:
    """Give the field teams whose devices one may see, with `live` (how many) and `seen` (the latest, to the hour)."""
    live = Q(devices__revoked_at=None)
    found = visible_teams(actor).annotate(live=Count("devices", filter=live), seen=Max("devices__last_seen_at"))
    return found.order_by("name")


def team_with_devices(actor: Actor, slug: str) -> Team:
    """Give the field team; raises NotFound unless one may see its devices."""
    found = visible_teams(actor).filter(slug=slug).first()
    if found is None:
        raise NotFound(
            "device.team_not_found",
            _("There is no field team “%(slug)s” whose devices you may see.") % {"slug": slug},
        )
    return found


def devices(actor: Actor) -> QuerySet[Device]:
    """Give the visible devices, the latest first."""
    return Device.objects.visible_to(actor).select_related("team", "revoked_by", "enrolment_code__made_by")


def devices_of(actor: Actor, team: Team) -> list[Device]:
    """Give the team's devices, those that open something first."""
    found = devices(actor).filter(team=team).order_by("-enrolled_at", "-pk")
    return sorted(found, key=lambda device: not device.is_live)


def device_by_pk(actor: Actor, slug: str, pk: int) -> Device:
    """Give the visible device of the team; raises NotFound."""
    found = devices(actor).filter(team__slug=slug, pk=pk).first()
    if found is None:
        raise NotFound("device.not_found", _("There is no device %(pk)s that you may see.") % {"pk": pk})
    return found


def waiting_codes(actor: Actor, team: Team, *, now: datetime) -> QuerySet[EnrolmentCode]:
    """Give the codes with which a device of the team can still be enrolled."""
    return EnrolmentCode.objects.visible_to(actor).waiting(now).filter(team=team).select_related("made_by")
