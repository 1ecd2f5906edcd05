"""What rooms above ask of a release before it is published: each gate answers with what stands against it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from releases.models import Channel, Release


class Gate(Protocol):
    """A function that a room names in `PUBLISHING_GATES`. It only reads, and is asked under the release's lock."""

    def __call__(self, *, release: Release, channel: Channel) -> list[str]:
        """Give whole translated sentences, each one thing that stands against publishing; none: nothing does."""


def refusals(release: Release, channel: Channel) -> list[str]:
    """Give what stands against publishing the release on the channel, gate by gate; empty: it may go out."""
    gates: list[Gate] = [import_string(name) for name in settings.PUBLISHING_GATES]
    return [sentence for gate in gates for sentence in gate(release=release, channel=channel)]


def refused_channels(release: Release, channels: Iterable[Channel]) -> dict[str, list[Channel]]:
    """Give each sentence that stands against some of the channels, with those channels."""
    found: dict[str, list[Channel]] = {}
    for channel in channels:
        for sentence in refusals(release, channel):
            found.setdefault(sentence, []).append(channel)
    return found
