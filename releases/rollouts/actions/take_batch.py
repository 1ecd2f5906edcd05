"""Take many installations in at once: what is right is kept, what is wrong is given back with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import HardwareRevision
from foundation.kit.errors import DomainError, Invalid
from releases.actions.report_installation import report_installation
from releases.models import Installation, Release
from releases.rollouts.batches import NEEDED, BatchRow
from releases.wire import named


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: an installation, or the reason why not. `code` is stable."""

    row: BatchRow
    installation: Installation | None = None
    error: str = ""
    code: str = ""


def take_batch(*, actor: Actor, rows: Sequence[BatchRow]) -> list[Result]:
    """Report each installation for itself, in a transaction of its own; gives a result for each, in order.

    The same row twice, in one file or in two, is one installation. Nothing that is right is lost because of
    something that is wrong.
    """
    actor.require("installation.report")
    return [_take(actor, row) for row in rows]


def _take(actor: Actor, row: BatchRow) -> Result:
    try:
        with transaction.atomic():
            return Result(row, _report(actor, row))
    except DomainError as error:
        return Result(row, error=error.message, code=error.code)


def _report(actor: Actor, row: BatchRow) -> Installation:
    missing = [name for name in NEEDED if not getattr(row, name)]
    if missing:
        raise Invalid("batch.missing", _("Missing: %(missing)s.") % {"missing": ", ".join(missing)})
    release = named(
        Release.objects.visible_to(actor).filter(component__slug__iexact=row.component),
        field="version",
        value=row.version,
        version=row.version,
    )
    teams = Team.objects.visible_to(actor)
    by_name = teams.filter(name__iexact=row.team)
    team = (
        by_name.get() if by_name.count() == 1 else named(teams, field="team", value=row.team, slug=row.team.casefold())
    )
    hardware = HardwareRevision.objects.filter(
        platform__programme__components=release.component_id, platform__programme=release.component.programme_id
    ).distinct()
    if row.platform:
        hardware = hardware.filter(platform__slug__iexact=row.platform)
    return report_installation(
        actor=actor,
        release=release,
        team=team,
        hardware=named(hardware.select_related("platform"), field="hardware", value=row.hardware, name=row.hardware),
        installed_at=_moment(row.installed_at, ZoneInfo(release.component.programme.time_zone)),
        client_uuid=_identity(row),
    )


def _identity(row: BatchRow) -> UUID:
    try:
        return row.identity
    except ValueError:
        raise Invalid("batch.uuid_invalid", _("“%(given)s” is no UUID.") % {"given": row.client_uuid[:60]}) from None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """Give the moment; one without a zone is that of the programme."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid(
            "batch.moment_invalid",
            _("“%(given)s” is no date with time. Write it as 2026-11-22 14:30, or 2026-11-22T14:30:00Z.")
            % {"given": text[:60]},
        )
    return make_aware(found, zone) if is_naive(found) else found
