"""Say that a team runs a release on a hardware revision."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import HardwareRevision
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from foundation.kit.transactions import lock
from releases.kinds import InstallationReported
from releases.locking import locked_release
from releases.models import Installation, Release
from releases.receiving import receives


@transaction.atomic
def report_installation(
    *,
    actor: Actor,
    release: Release,
    team: Team,
    hardware: HardwareRevision,
    installed_at: datetime | None = None,
    client_uuid: uuid.UUID | None = None,
) -> Installation:
    """Record that `team` has run `release` on `hardware` since `installed_at` (now, if not given).

    The same `client_uuid` with the same content gives the same installation. One from before the release was
    withdrawn is taken however late, and marked in the journal. Raises Conflict `installation.withdrawn`,
    `installation.uuid_taken` or `installation.not_published`, Invalid `installation.not_received`,
    `installation.hardware_outside` or `installation.in_future`.
    """
    release = locked_release(release)
    actor.require("installation.report", programme_id=release.component.programme_id, team_id=team.pk)
    client_uuid = client_uuid or uuid.uuid4()
    lock(f"installation {client_uuid}")
    before = Installation.objects.filter(client_uuid=client_uuid).first()
    if before is not None:
        return _same(before, (release.pk, team.pk, hardware.pk, installed_at or before.installed_at))
    now = clock.now()
    _check(release, team, hardware, installed_at or now, now)
    installation = Installation.objects.create(
        client_uuid=client_uuid,
        release=release,
        team=team,
        hardware=hardware,
        installed_at=installed_at or now,
        reported_at=now,
        reported_by_id=actor.user_id,
        device_id=actor.device_id,
    )
    record(
        InstallationReported(
            installation_id=installation.pk,
            team_id=team.pk,
            hardware_id=hardware.pk,
            withdrawn=installation.of_withdrawn,
        ),
        subject=release,
        actor=actor,
        occurred_at=installation.installed_at,
        team_id=team.pk,
    )
    return installation


def _same(before: Installation, sent: tuple[int, int, int, datetime]) -> Installation:
    if (before.release_id, before.team_id, before.hardware_id, before.installed_at) != sent:
        raise Conflict(
            "installation.uuid_taken",
            _("Another installation was reported under %(uuid)s. Use a new UUID for a new report.")
            % {"uuid": before.client_uuid},
            field="client_uuid",
        )
    return before


def _check(release: Release, team: Team, hardware: HardwareRevision, installed_at: datetime, now: datetime) -> None:
    # What was installed before the withdrawal happened, however late the report comes in.
    if release.withdrawn_at is not None and installed_at >= release.withdrawn_at:
        raise Conflict("installation.withdrawn", _withdrawn(release), field="release")
    if release.state not in (Release.State.PUBLISHED, Release.State.WITHDRAWN):
        raise Conflict(
            "installation.not_published",
            _("%(release)s is not published; a team cannot run it yet.") % {"release": release},
            field="release",
        )
    if not receives(team, release):
        raise Invalid(
            "installation.not_received",
            _("%(team)s does not receive %(release)s: it is on no channel that the team subscribes to.")
            % {"team": team, "release": release},
            field="release",
        )
    if hardware.platform.programme_id != release.component.programme_id:
        raise Invalid(
            "installation.hardware_outside",
            _("%(hardware)s does not belong to the programme of %(component)s.")
            % {"hardware": hardware, "component": release.component},
            field="hardware",
        )
    if installed_at > now:
        raise Invalid(
            "installation.in_future",
            _("%(when)s has not come yet. When was it installed? (The clock here says %(now)s.)")
            % {"when": f"{installed_at:%Y-%m-%d %H:%M %Z}", "now": f"{now:%Y-%m-%d %H:%M %Z}"},
            field="installed_at",
        )


def _withdrawn(release: Release) -> str:
    values = {"release": release, "reason": release.withdrawn_reason, "replacement": release.replacement}
    if release.replacement is None:
        return _("%(release)s was withdrawn: %(reason)s Do not run it.") % values
    return _("%(release)s was withdrawn: %(reason)s Install %(replacement)s instead.") % values
