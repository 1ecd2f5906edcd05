"""Let a release out on a channel: to the lab, to pilot teams, to the fleet."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict
from releases.channels import known_channel
from releases.gates import refusals
from releases.kinds import ReleasePublished
from releases.locking import locked_release
from releases.models import Channel, Publication, Release


@transaction.atomic
def publish_release(*, actor: Actor, release: Release, channel: str) -> Release:
    """Publish an approved release on `channel`, or a published one further out than before.

    Raises Invalid `release.channel_unknown`, Conflict `release.not_approved`, `release.out_already` or,
    where a gate of the rooms above stands against it, `release.gate`.
    """
    release = locked_release(release)
    actor.require("release.publish", programme_id=release.component.programme_id)
    known_channel(channel, subject="release")
    if release.state not in (Release.State.APPROVED, Release.State.PUBLISHED):
        raise Conflict(
            "release.not_approved",
            _("%(release)s is “%(state)s”; only an approved release can be published.")
            % {"release": release, "state": release.get_state_display()},
        )
    out = [Channel(published) for published in release.publications.values_list("channel", flat=True)]
    furthest = max(out, key=lambda found: found.reach, default=None)
    if furthest is not None and furthest.reach >= Channel(channel).reach:
        raise Conflict(
            "release.out_already",
            _("%(release)s is out on “%(furthest)s” already, which reaches everybody whom “%(channel)s” would.")
            % {"release": release, "furthest": furthest.label, "channel": Channel(channel).label},
            field="channel",
        )
    if against := refusals(release, Channel(channel)):
        raise Conflict("release.gate", " ".join(against), field="channel")
    Publication.objects.create(release=release, channel=channel, at=clock.now(), by_id=actor.user_id)
    release.state = Release.State.PUBLISHED
    release.save(update_fields=["state"])
    record(ReleasePublished(channel=channel), subject=release, actor=actor)
    return release
