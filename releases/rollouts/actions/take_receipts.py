"""Take many installations in at once: what is right is kept, what is wrong is given back with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import HardwareRevision
from foundation.kit.errors import DomainError, Invalid
from releases.actions.report_installation import report_installation
from releases.models import Installation, Release
from releases.rollouts.receipts import NEEDED, Receipt
from releases.wire import named


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a receipt: an installation, or the reason why not. `code` is stable."""

    receipt: Receipt
    installation: Installation | None = None
    error: str = ""
    code: str = ""


def take_receipts(*, actor: Actor, receipts: Sequence[Receipt]) -> list[Result]:
    """Report each installation for itself, in a transaction of its own; gives a result for each, in order.

    The same receipt twice, in one file or in two, is one installation. Nothing that is right is lost because of
    something that is wrong.
    """
    actor.require("installation.report")
    return [_take(actor, receipt) for receipt in receipts]


def _take(actor: Actor, receipt: Receipt) -> Result:
    try:
        with transaction.atomic():
            return Result(receipt, _report(actor, receipt))
    except DomainError as error:
        return Result(receipt, error=error.message, code=error.code)


def _report(actor: Actor, receipt: Receipt) -> Installation:
    missing = [name for name in NEEDED if not getattr(receipt, name)]
    if missing:
        raise Invalid("receipt.missing", _("Missing: %(missing)s.") % {"missing": ", ".join(missing)})
    release = named(
        Release.objects.visible_to(actor).filter(component__slug__iexact=receipt.component),
        field="version",
        value=receipt.version,
        version=receipt.version,
    )
    teams = Team.objects.visible_to(actor)
    by_name = teams.filter(name__iexact=receipt.team)
    team = (
        by_name.get()
        if by_name.count() == 1
        else named(teams, field="team", value=receipt.team, slug=receipt.team.casefold())
    )
    hardware = HardwareRevision.objects.filter(
        platform__programme__components=release.component_id, platform__programme=release.component.programme_id
    ).distinct()
    if receipt.platform:
        hardware = hardware.filter(platform__slug__iexact=receipt.platform)
    return report_installation(
        actor=actor,
        release=release,
        team=team,
        hardware=named(
            hardware.select_related("platform"), field="hardware", value=receipt.hardware, name=receipt.hardware
        ),
        installed_at=_moment(receipt.installed_at),
        client_uuid=_identity(receipt),
    )


def _identity(receipt: Receipt) -> UUID:
    try:
        return receipt.identity
    except ValueError:
        raise Invalid(
            "receipt.uuid_invalid", _("“%(given)s” is no UUID.") % {"given": receipt.client_uuid[:60]}
        ) from None


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid(
            "receipt.moment_invalid",
            _("“%(given)s” is no date with time. Write it as 2026-11-22 14:30, or 2026-11-22T14:30:00Z.")
            % {"given": text[:60]},
        )
    return make_aware(found, get_current_timezone()) if is_naive(found) else found
