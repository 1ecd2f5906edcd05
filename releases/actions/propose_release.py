"""Say that a draft should ship."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict
from releases.kinds import ReleaseProposed
from releases.locking import locked_release
from releases.models import Release


@transaction.atomic
def propose_release(*, actor: Actor, release: Release) -> Release:
    """Make a draft a candidate, for somebody else to approve. Raises Conflict `release.not_draft`."""
    release = locked_release(release)
    actor.require("release.propose", programme_id=release.component.programme_id)
    if release.state != Release.State.DRAFT:
        raise Conflict(
            "release.not_draft",
            _("%(release)s is “%(state)s”; only a draft can be proposed.")
            % {"release": release, "state": release.get_state_display()},
        )
    release.state = Release.State.CANDIDATE
    release.proposed_by_id = actor.user_id
    release.proposed_at = clock.now()
    release.save(update_fields=["state", "proposed_by", "proposed_at"])
    record(ReleaseProposed(), subject=release, actor=actor)
    return release
