"""Which channel is meant, where somebody names one."""

from django.utils.translation import gettext as _

from foundation.kit.errors import Invalid
from releases.models import Channel


def known_channel(name: str, *, subject: str) -> Channel:
    """Give the channel of that name; raises Invalid `<subject>.channel_unknown`."""
    if name not in Channel.values:
        raise Invalid(
            f"{subject}.channel_unknown",
            _("“%(channel)s” is no channel. Choose one of: %(channels)s.")
            % {"channel": name, "channels": ", ".join(Channel.values)},
            field="channel",
        )
    return Channel(name)
