"""Checks that several verbs make of what they are given: a text that is there, a time that can be."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from foundation.kit.errors import Invalid

LONGEST_TEXT: Final = 20_000
# A device's clock may be a time zone wrong; more than that is no clock.
FUTURE_ALLOWED: Final = timedelta(days=1)
EARLIEST_YEAR: Final = 2000


def text(value: str, *, field: str, missing: str = "", longest: int = LONGEST_TEXT) -> str:
    """Give the text without the space around it; raises Invalid where it is too long, or empty and `missing` is given.

    `missing` is the sentence that says what the text is needed for.
    """
    value = value.replace("\r\n", "\n").strip()
    if missing and not value:
        raise Invalid(f"ticket.{field}_missing", missing, field=field)
    if len(value) > longest:
        raise Invalid(
            f"ticket.{field}_too_long",
            _("This text has %(length)d characters, and there is room for %(longest)d. Attach a longer one as a file.")
            % {"length": len(value), "longest": longest},
            field=field,
        )
    return value


def claimed_time(value: datetime, *, now: datetime, field: str) -> datetime:
    """Give the claimed time as the tables keep it: never after `now`. The journal keeps the claim itself.

    Raises Invalid for a time that no clock can be wrong by: more than a day ahead, or before the year 2000.
    """
    if value > now + FUTURE_ALLOWED:
        raise Invalid(
            f"ticket.{field}_in_future",
            _("%(time)s UTC is more than a day ahead of the server's clock (%(now)s UTC). Check the device's date.")
            % {"time": f"{value:%Y-%m-%d %H:%M}", "now": f"{now:%Y-%m-%d %H:%M}"},
            field=field,
        )
    if value.year < EARLIEST_YEAR:
        raise Invalid(
            f"ticket.{field}_too_early",
            _("%(time)s UTC is before the year 2000. Check the device's date.")
            % {"time": value.strftime("%Y-%m-%d %H:%M")},
            field=field,
        )
    return min(value, now)
