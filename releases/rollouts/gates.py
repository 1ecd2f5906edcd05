"""What this room asks before a release is published: that it is not on its way group by group elsewhere."""

from __future__ import annotations

from django.utils.translation import gettext as _

from releases.models import Channel, Release


def no_rollout_elsewhere(*, release: Release, channel: Channel) -> list[str]:
    """Refuse a channel while a rollout on another one is not over."""
    live = release.rollouts.live().exclude(channel=channel).first()
    if live is None:
        return []
    return [
        _("The rollout of %(rollout)s is not over. Let it end, or abort it, before the release goes further.")
        % {"rollout": live}
    ]
