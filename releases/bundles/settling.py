"""What a receipt means here: which team, release and board it speaks of, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision
from foundation.journal import record
from foundation.kit.errors import Invalid
from foundation.kit.transactions import require_transaction
from releases.actions.report_installation import report_installation
from releases.artifacts.faults import Fault
from releases.bundles.kinds import ReceiptKept, VerdictBrought
from releases.bundles.models import ImportedBundle, Receipt
from releases.bundles.receipts import Line
from releases.bundles.receipts import Receipt as Told
from releases.models import Installation, Release


@dataclass(frozen=True, slots=True)
class Place:
    """Where a receipt belongs: a release, or where that is not known a bundle."""

    team: Team
    component: Component
    release: Release | None
    bundle: ImportedBundle | None


def team_of(actor: Actor, line: Line) -> Team:
    """Give the team that the line names. Raises Fault `receipt.…`; Invalid `receipt.team`."""
    if line.fault is not None:
        raise line.fault
    for name in ("team", "component", "version"):
        if not line.values.get(name):
            raise Fault("receipt.missing", line=line.number, name=name)
    named = line.values["team"]
    team = Team.objects.visible_to(actor).filter(slug=named.lower()).first()
    if team is None:
        raise _unknown("team", named)
    return team


def place_of(actor: Actor, line: Line, team: Team) -> Place:
    """Give where the line belongs, among what the actor may see.

    Raises Invalid `receipt.component`, `receipt.version`; Forbidden for another's team.
    """
    named, version = line.values["component"], line.values["version"]
    component = (
        Component.objects.visible_to(actor)
        .filter(slug=named.lower(), programme__teams=team)
        .select_related("programme")
        .first()
    )
    if component is None:
        raise _unknown("component", named)
    actor.require("receipts.take", programme_id=component.programme_id, team_id=team.pk)
    releases = Release.objects.visible_to(actor).filter(component=component)
    release = releases.filter(version=version).select_related("component").first()
    bundle = ImportedBundle.objects.visible_to(actor).filter(component=component, version=version).first()
    if release is not None and bundle is not None and release.state in (Release.State.DRAFT, Release.State.CANDIDATE):
        release = None  # it came on a stick, and nobody has let it out here otherwise yet
    if release is None and bundle is None:
        raise _unknown("version", version)
    return Place(team, component, release, None if release else bundle)


def _unknown(name: str, value: str) -> Invalid:
    return Invalid(
        f"receipt.{name}",
        _("There is no %(name)s “%(value)s” that you may see. Check the spelling.")
        % {"name": name, "value": value[:80]},
    )


def settle(actor: Actor, receipt: Receipt, told: Told, place: Place) -> None:
    """Take the receipt in, or keep it until it is carried to where its release is known. Raises DomainError."""
    require_transaction("settle()")
    receipt.release, receipt.bundle = place.release, place.bundle
    receipt.hardware = _hardware(actor, told, place)
    if place.release is None:
        _keep(actor, receipt, place)
        return
    receipt.installation = _installed(actor, told, place.release, place.team, receipt.hardware)
    receipt.state = Receipt.State.TAKEN
    if told.verdict:
        receipt.verdict_state, receipt.verdict_error = Receipt.VerdictState.WAITING, ""
    receipt.save()
    if told.verdict:
        payload = VerdictBrought(
            ticket=told.ticket,
            verdict=told.verdict,
            note=told.note,
            client_uuid=str(told.client_uuid),
            release_id=place.release.pk,
            team_id=place.team.pk,
            hardware_id=receipt.hardware.pk if receipt.hardware else None,
            given_at=(told.tested_at or receipt.taken_at).isoformat(),
        )
        record(payload, subject=receipt, actor=actor, team_id=place.team.pk)


def _keep(actor: Actor, receipt: Receipt, place: Place) -> None:
    assert place.bundle is not None
    again = not receipt._state.adding and receipt.state == Receipt.State.KEPT
    receipt.state = Receipt.State.KEPT
    receipt.save()
    if not again:
        payload = ReceiptKept(
            bundle_id=place.bundle.pk,
            team_id=place.team.pk,
            hardware_id=receipt.hardware.pk if receipt.hardware else None,
        )
        record(payload, subject=receipt, actor=actor, occurred_at=receipt.installed_at, team_id=place.team.pk)


def _hardware(actor: Actor, told: Told, place: Place) -> HardwareRevision | None:
    if not told.hardware:
        return None
    found = HardwareRevision.objects.visible_to(actor).filter(
        platform__programme=place.component.programme_id, name__iexact=told.hardware
    )
    if told.platform:
        found = found.filter(platform__slug=told.platform)
    rows = list(found.select_related("platform")[:2])
    if not rows:
        raise _unknown("hardware", told.hardware)
    if len(rows) > 1:
        raise Invalid(
            "receipt.platform",
            _("“%(hardware)s” is a revision of several platforms. Say which in “platform”.")
            % {"hardware": told.hardware[:60]},
        )
    return rows[0]


def _installed(
    actor: Actor, told: Told, release: Release, team: Team, hardware: HardwareRevision | None
) -> Installation | None:
    """Give the installation that the receipt tells of; two receipts of one installation (two tickets) are one."""
    if told.installed_at is None or hardware is None:
        return None
    same = Installation.objects.filter(
        release=release, team=team, hardware=hardware, installed_at=told.installed_at
    ).first()
    return same or report_installation(
        actor=actor,
        release=release,
        team=team,
        hardware=hardware,
        installed_at=told.installed_at,
        client_uuid=told.installation_uuid,
    )
