"""Take a release back: nobody should install it any more, and everybody can read why."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.kinds import ReleaseWithdrawn
from releases.locking import locked_release
from releases.models import Release


@transaction.atomic
def withdraw_release(*, actor: Actor, release: Release, reason: str, replacement: Release | None = None) -> Release:
    """Withdraw a release in whatever state, for `reason`; `replacement` is what to install instead.

    Raises Conflict `release.withdrawn`, Invalid `release.reason_missing` or `release.replacement_invalid`.
    """
    release = locked_release(release)
    actor.require("release.withdraw", programme_id=release.component.programme_id)
    if release.state == Release.State.WITHDRAWN:
        raise Conflict("release.withdrawn", _("%(release)s is withdrawn already.") % {"release": release})
    reason = reason.strip()
    if not reason:
        raise Invalid(
            "release.reason_missing",
            _("Say why %(release)s is withdrawn: the teams that run it will read it.") % {"release": release},
            field="reason",
        )
    if replacement is not None:
        _check_replacement(release, replacement)
    release.state = Release.State.WITHDRAWN
    release.withdrawn_at = clock.now()
    release.withdrawn_reason = reason
    release.replacement = replacement
    release.save(update_fields=["state", "withdrawn_at", "withdrawn_reason", "replacement"])
    record(
        ReleaseWithdrawn(reason=reason, replacement_id=replacement.pk if replacement else None),
        subject=release,
        actor=actor,
    )
    return release


def _check_replacement(release: Release, replacement: Release) -> None:
    fits = replacement.component_id == release.component_id and replacement.pk != release.pk
    if not fits or replacement.state != Release.State.PUBLISHED:
        raise Invalid(
            "release.replacement_invalid",
            _("%(replacement)s cannot replace %(release)s: it has to be another published release of %(component)s.")
            % {"replacement": replacement, "release": release, "component": release.component},
            field="replacement",
        )
