"""The text of a release's notes as it is kept, in whatever language it is written."""

from typing import Final

from django.utils.translation import gettext as _

from foundation.kit.errors import Conflict, Invalid
from releases.models import Release

LONGEST: Final = 100_000


def notes_to_keep(release: Release, text: str, *, field: str) -> str:
    """Give the text with plain line ends; raises Conflict `release.withdrawn`, Invalid `release.notes_too_long`."""
    if release.state == Release.State.WITHDRAWN:
        raise Conflict(
            "release.withdrawn", _("%(release)s is withdrawn; its notes stay as they were.") % {"release": release}
        )
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Invalid(
            "release.notes_too_long",
            _("The notes have %(length)s characters; at most %(most)s are kept.")
            % {"length": len(text), "most": LONGEST},
            field=field,
        )
    return text
