"""Agree, as somebody else than its proposer and its author, that a candidate may ship."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden
from releases.kinds import ReleaseApproved
from releases.locking import locked_release
from releases.models import Release


@transaction.atomic
def approve_release(*, actor: Actor, release: Release) -> Release:
    """Approve a candidate. Raises Conflict `release.not_candidate`, Forbidden `release.own_approval`."""
    release = locked_release(release)
    actor.require("release.approve", programme_id=release.component.programme_id)
    if release.state != Release.State.CANDIDATE:
        raise Conflict(
            "release.not_candidate",
            _("%(release)s is “%(state)s”; only a candidate can be approved. Propose it first.")
            % {"release": release, "state": release.get_state_display()},
        )
    _refuse_own(actor, release)
    release.state = Release.State.APPROVED
    release.approved_by_id = actor.user_id
    release.approved_at = clock.now()
    release.save(update_fields=["state", "approved_by", "approved_at"])
    record(ReleaseApproved(), subject=release, actor=actor)
    return release


def own_part(actor_id: int | None, release: Release) -> str:
    """Give why this person is too close to approve the release: "proposer", "author", or "" for nothing."""
    if actor_id is None:
        return ""
    if actor_id == release.proposed_by_id:
        return "proposer"
    email = User.objects.values_list("email", flat=True).get(pk=actor_id).lower()
    beside = release.companions.values_list("commit__author_email", flat=True)
    authors = {author.lower() for author in (release.commit.author_email, *beside)}
    return "author" if email and email in authors else ""


def _refuse_own(actor: Actor, release: Release) -> None:
    match own_part(actor.user_id, release):
        case "proposer":
            message = _("You proposed %(release)s; somebody else has to approve it.")
        case "author":
            message = _("You wrote the last commit of %(release)s; somebody else has to approve it.")
        case _nothing:
            return
    raise Forbidden("release.own_approval", message % {"release": release})
