"""What a ticket is about (platform, component, hardware, the release it names), and what fits together."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.catalogue.models import Component, HardwareRevision, Platform
from foundation.kit.errors import Invalid
from frontline_feedback.kinds import TicketReclassified
from frontline_feedback.models import Severity, Ticket
from releases.models import Release


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP
MaybeHardware = HardwareRevision | None | Literal[_Keep.KEEP]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassification:
    """What a triager corrects: None keeps what is there; for the hardware, where None says "unknown", KEEP does."""

    platform: Platform | None = None
    component: Component | None = None
    hardware: MaybeHardware = KEEP
    severity: str | None = None


def check_fits(*, platform: Platform, component: Component, hardware: HardwareRevision | None) -> None:
    """Raise Invalid unless platform and component are of one programme, and the hardware of the platform."""
    if platform.programme_id != component.programme_id:
        raise Invalid(
            "ticket.platform_elsewhere",
            _("The platform “%(platform)s” and the component “%(component)s” belong to different programmes.")
            % {"platform": platform, "component": component},
            field="platform",
        )
    if hardware is not None and hardware.platform_id != platform.pk:
        raise Invalid(
            "ticket.hardware_elsewhere",
            _("The hardware revision “%(hardware)s” is not one of the platform “%(platform)s”.")
            % {"hardware": hardware.name, "platform": platform},
            field="hardware",
        )


def check_severity(severity: str) -> str:
    """Give the severity; raises Invalid for one that is not in the list."""
    if severity not in Severity.values:
        raise Invalid(
            "ticket.severity_unknown",
            _("“%(given)s” is no severity. It is one of: %(known)s.")
            % {"given": severity, "known": ", ".join(Severity.values)},
            field="severity",
        )
    return str(Severity(severity).value)


def release_named(version_text: str, *, component_id: int) -> Release | None:
    """Give the component's release whose version (or else tag) is exactly this text."""
    if not version_text:
        return None
    found = Release.objects.filter(Q(version=version_text) | Q(tag=version_text), component_id=component_id).order_by(
        "pk"
    )
    return next((release for release in found if release.version == version_text), None) or found.first()


def reclassify(ticket: Ticket, change: Reclassification) -> TicketReclassified | None:
    """Put the corrections into the (locked, unsaved) ticket; give what changed, or None where nothing did.

    Another platform forgets a hardware revision that is not its own; another component looks the version up anew.
    Raises Invalid for what does not fit together or would leave the ticket's programme.
    """
    before = {
        name: getattr(ticket, name) for name in ("platform_id", "component_id", "hardware_id", "release_id", "severity")
    }
    platform = change.platform or ticket.platform
    component = change.component or ticket.component
    hardware = ticket.hardware if change.hardware is KEEP else change.hardware
    if change.hardware is KEEP and hardware is not None and hardware.platform_id != platform.pk:
        hardware = None
    if component.programme_id != ticket.programme_id:
        raise Invalid(
            "ticket.component_elsewhere",
            _("The component “%(component)s” belongs to another programme than %(key)s.")
            % {"component": component, "key": ticket.key},
            field="component",
        )
    check_fits(platform=platform, component=component, hardware=hardware)
    ticket.platform, ticket.component, ticket.hardware = platform, component, hardware
    if component.pk != before["component_id"]:
        ticket.release = release_named(ticket.version_text, component_id=component.pk)
    if change.severity is not None:
        ticket.severity = check_severity(change.severity)
    changed = {name: getattr(ticket, name) for name, value in before.items() if getattr(ticket, name) != value}
    return TicketReclassified(**changed) if changed else None
