"""Say whether an artifact runs on a hardware revision, and how that is known."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component, HardwareRevision
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.artifacts.kinds import CompatibilitySet
from releases.artifacts.models import Artifact, Compatibility
from releases.artifacts.wording import condition_of
from releases.locking import locked_release


@transaction.atomic
def set_compatibility(
    *,
    actor: Actor,
    artifact: Artifact,
    hardware: HardwareRevision,
    state: str,
    evidence: str = "",
    evidence_url: str = "",
    bootloader_from: str = "",
    bootloader_to: str = "",
    companion: Component | None = None,
    companion_versions: str = "",
) -> Compatibility:
    """Put a statement in the place of the present one about the same pair and the same conditions.

    “Supported” and “blocked” need evidence: words, or an address. Raises Invalid `compatibility.…`,
    Conflict `artifact.removed`.
    """
    release = locked_release(artifact.release)
    actor.require("compatibility.set", programme_id=release.component.programme_id)
    artifact = Artifact.objects.select_related("release").get(pk=artifact.pk)
    evidence, evidence_url = evidence.strip(), evidence_url.strip()
    _check(artifact, hardware, state, evidence, evidence_url)
    if (companion is None) != (companion_versions.strip() == ""):
        raise Invalid(
            "compatibility.companion",
            _("Name the companion component and its versions, or neither."),
            field="companion_versions" if companion else "companion",
        )
    if companion is not None and companion.programme_id != release.component.programme_id:
        raise Invalid("compatibility.companion", _("%(name)s is of another programme.") % {"name": companion.name})
    place = {
        "artifact": artifact,
        "hardware": hardware,
        "bootloader_from": bootloader_from.strip(),
        "bootloader_to": bootloader_to.strip(),
        "companion": companion,
        "companion_versions": companion_versions.strip(),
    }
    now = clock.now()
    Compatibility.objects.filter(replaced_at=None, **place).update(replaced_at=now)
    found = Compatibility.objects.create(
        **place, state=state, evidence=evidence, evidence_url=evidence_url, set_by_id=actor.user_id, set_at=now
    )
    payload = CompatibilitySet(
        artifact_id=artifact.pk,
        hardware_id=hardware.pk,
        state=state,
        name=artifact.name,
        hardware=str(hardware),
        condition=condition_of(found),
        evidence=" ".join(filter(None, (evidence, evidence_url))),
    )
    record(payload, subject=release, actor=actor)
    return found


def _check(artifact: Artifact, hardware: HardwareRevision, state: str, evidence: str, evidence_url: str) -> None:
    if artifact.removed_at is not None:
        raise Conflict("artifact.removed", _("%(name)s was taken off already.") % {"name": artifact.name})
    if not artifact.hardware.filter(pk=hardware.pk).exists():
        raise Invalid(
            "compatibility.hardware",
            _("%(name)s is not made for %(hardware)s.") % {"name": artifact.name, "hardware": hardware},
            field="hardware",
        )
    if state not in Compatibility.State.values:
        raise Invalid(
            "compatibility.state",
            _("“%(state)s” is no state. Choose one of: %(known)s.")
            % {"state": state[:40], "known": ", ".join(Compatibility.State.values)},
            field="state",
        )
    if state != Compatibility.State.UNTESTED and not (evidence or evidence_url):
        raise Invalid(
            "compatibility.evidence_missing",
            _("Say how it is known: what was tested, by whom, with which result, or the address of the report."),
            field="evidence",
        )
    if evidence_url and not evidence_url.startswith(("https://", "http://")):
        raise Invalid(
            "compatibility.url",
            _("“%(url)s” is no address: it begins with https://.") % {"url": evidence_url[:80]},
            field="evidence_url",
        )
