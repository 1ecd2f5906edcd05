"""What this room asks of a release before it is published (named in `PUBLISHING_GATES`)."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from releases.artifacts.checking import fault_in
from releases.artifacts.signed import SignedState, signed_state
from releases.models import Channel, Release


def gate(*, release: Release, channel: Channel) -> list[str]:
    """Give what stands against publishing: files, manifest, signatures, and for the fleet the tested hardware.

    A release without files may be published as long as its component has no active key: then it ships commits only.
    While it is really being published (in a transaction, under the release's lock), every byte is read again too; a
    page that only wants to know what is missing does not wait for that.
    """
    state = _asked_once(release)
    found = against(state, Channel(channel))
    if not found and connection.in_atomic_block:
        for artifact in state.artifacts:
            if why := fault_in(artifact.blob):
                found.append(_("%(name)s was changed in the storage: %(why)s.") % {"name": artifact.name, "why": why})
    return found


def against(state: SignedState, channel: Channel) -> list[str]:
    """Give what stands against the channel, bytes aside."""
    from releases.artifacts.queries import untested_or_blocked

    found = state.missing(channel)
    if channel == Channel.FLEET and state.artifacts:
        from django.utils.translation import gettext

        from releases.artifacts.models import Compatibility

        found += [
            gettext("%(name)s on %(hardware)s is “%(state)s”; the fleet gets only what is supported.")
            % {
                "name": pair.artifact.name,
                "hardware": pair.hardware,
                "state": Compatibility.State(pair.state).label,
            }
            for pair in untested_or_blocked(state.release)
        ]
    return found


def _asked_once(release: Release) -> SignedState:
    """Give the state; a page asks for three channels in one go, with one and the same instance of the release."""
    known: SignedState | None = getattr(release, "_signed_state", None)
    if known is None or connection.in_atomic_block:
        known = signed_state(release)
        release._signed_state = known  # type: ignore[attr-defined]  # noqa: SLF001 -- our own, on this instance only
    return known
