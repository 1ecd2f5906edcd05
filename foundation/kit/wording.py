"""Times in words, in the reader's language: lengths ("3 d 4 h"), distances ("3 hours ago") and exact moments."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, pgettext

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


def duration(microseconds: int | None, *, precise: bool = False) -> str:
    """Write a length with its two largest units ("3 d 4 h"), or all of them when `precise`; "–" for None."""
    if microseconds is None:
        return "–"
    if microseconds < 0:
        return "−" + duration(-microseconds, precise=precise)
    if microseconds < SECOND:
        return _less(microseconds)
    names: tuple[tuple[int, str], ...] = (
        (DAY, pgettext("duration", "%(count)s d")),
        (HOUR, pgettext("duration", "%(count)s h")),
        (MINUTE, pgettext("duration", "%(count)s min")),
        (SECOND, pgettext("duration", "%(count)s s")),
    )
    rest = microseconds
    written: list[str] = []
    for size, name in names:
        count, rest = divmod(rest, size)
        if count or written:
            written.append(name % {"count": count} if count else "")
        if len(written) == 2 and not precise:
            break
    return " ".join(filter(None, written))


def _less(microseconds: int) -> str:
    if microseconds == 0:
        return pgettext("duration", "%(count)s s") % {"count": 0}
    return pgettext("duration", "%(count)s ms") % {"count": max(1, microseconds // 1000)}


_Plural = Callable[[int], str]
_AGO: Final[tuple[tuple[int, _Plural], ...]] = (
    (365 * 86_400, lambda n: ngettext("%(n)d year ago", "%(n)d years ago", n) % {"n": n}),
    (30 * 86_400, lambda n: ngettext("%(n)d month ago", "%(n)d months ago", n) % {"n": n}),
    (86_400, lambda n: ngettext("%(n)d day ago", "%(n)d days ago", n) % {"n": n}),
    (3_600, lambda n: ngettext("%(n)d hour ago", "%(n)d hours ago", n) % {"n": n}),
    (60, lambda n: ngettext("%(n)d minute ago", "%(n)d minutes ago", n) % {"n": n}),
)
_AHEAD: Final[tuple[tuple[int, _Plural], ...]] = (
    (365 * 86_400, lambda n: ngettext("in %(n)d year", "in %(n)d years", n) % {"n": n}),
    (30 * 86_400, lambda n: ngettext("in %(n)d month", "in %(n)d months", n) % {"n": n}),
    (86_400, lambda n: ngettext("in %(n)d day", "in %(n)d days", n) % {"n": n}),
    (3_600, lambda n: ngettext("in %(n)d hour", "in %(n)d hours", n) % {"n": n}),
    (60, lambda n: ngettext("in %(n)d minute", "in %(n)d minutes", n) % {"n": n}),
)


def distance(moment: datetime, *, now: datetime) -> str:
    """Write how far a moment is from `now` in its largest whole unit: "3 hours ago", "in 2 days", "just now"."""
    seconds = int((now - moment).total_seconds())
    for size, words in _AGO if seconds >= 0 else _AHEAD:
        if abs(seconds) >= size:
            return words(abs(seconds) // size)
    return gettext("just now")


def exact(moment: datetime) -> str:
    """Write a moment to the minute with its zone, in the reader's language."""
    local = localtime(moment)
    return f"{date_format(local, 'j M Y, H:i')} {local.tzname()}"


def iso(moment: datetime) -> str:
    """Write a moment for machines: UTC, ISO 8601, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
