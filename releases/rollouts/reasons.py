"""Why a rollout pauses: a person's own words, or what the machine found, said in the language of whoever reads it."""

import re
from typing import Final, Literal

from django.utils.translation import ngettext

_FOUND: Final = re.compile(r"(worse|errors):(\d{1,9})")


def found(cause: Literal["worse", "errors"], count: int) -> str:
    """Give the reason as it is kept: at so many teams it made things worse, or failed."""
    return f"{cause}:{count}"


def in_words(reason: str) -> str:
    """Give a kept reason as a sentence; what a person has written stays as it is."""
    matched = _FOUND.fullmatch(reason)
    if matched is None:
        return reason
    count = int(matched[2])
    if matched[1] == "worse":
        text = ngettext(
            "%(count)s team calls it worse than before.", "%(count)s teams call it worse than before.", count
        )
    else:
        text = ngettext(
            "It failed at %(count)s team of the current group.",
            "It failed at %(count)s teams of the current group.",
            count,
        )
    return text % {"count": count}
