"""Times in words, in the reader's language: lengths ("3 d 4 h"), distances ("3 hours ago") and exact moments."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

from django.utils.dates import MONTHS_3
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

from foundation.kit.memory import per_language

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


Units = tuple[tuple[int, str], ...]


def duration(microseconds: int | None, *, precise: bool = False, names: Units = ()) -> str:
    """Write a length with its two largest units ("3 d 4 h"), or all of them when `precise`; "–" for None.

    Whoever writes many passes `names=units()`, which the language decides once.
    """
    if microseconds is None:
        return "–"
    if microseconds < 0:
        return "−" + duration(-microseconds, precise=precise, names=names)
    if microseconds == 0:
        return (names or units())[-1][1] % {"count": 0}
    if microseconds < SECOND:
        return _less(max(1, microseconds // 1000))
    rest = microseconds
    written: list[str] = []
    for size, name in names or units():
        count, rest = divmod(rest, size)
        if count or written:
            written.append(name % {"count": count} if count else "")
        if len(written) == 2 and not precise:
            break
    return " ".join(filter(None, written))


@per_language
def units() -> Units:
    """Give the units of length with their names in the reader's language, largest first."""
    return (
        (DAY, pgettext("duration", "%(count)s d")),
        (HOUR, pgettext("duration", "%(count)s h")),
        (MINUTE, pgettext("duration", "%(count)s min")),
        (SECOND, pgettext("duration", "%(count)s s")),
    )


@per_language
def _less(milliseconds: int) -> str:
    return pgettext("duration", "%(count)s ms") % {"count": milliseconds}


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
    past = abs(seconds)
    for size, _words in _AGO:
        if past >= size:
            whole = past // size * size
            return _moment_text(whole if seconds >= 0 else -whole)
    return _moment_text(0)


def exact(moment: datetime) -> str:
    """Write a moment to the minute with its zone, in the reader's language."""
    local = moment.astimezone(get_current_timezone())
    return f"{local.day} {_months()[local.month]} {local.year}, {local.hour:02}:{local.minute:02} {local.tzname()}"


def day(value: date) -> str:
    """Write a day ("4 May 2026"), in the reader's language."""
    return f"{value.day} {month(value)}"


def month(value: date) -> str:
    """Write the month of a day ("May 2026"), in the reader's language."""
    return f"{_months()[value.month]} {value.year}"


@per_language
def _months() -> dict[int, str]:
    # Only English writes months with a capital; Django's Ukrainian abbreviations have one because lists do.
    english = (get_language() or "en").startswith("en")
    return {number: str(name).capitalize() if english else str(name).lower() for number, name in MONTHS_3.items()}


@per_language
def _moment_text(seconds: int) -> str:
    for size, words in _AGO if seconds >= 0 else _AHEAD:
        if abs(seconds) >= size:
            return words(abs(seconds) // size)
    return gettext("just now")


def iso(moment: datetime) -> str:
    """Write a moment for machines: UTC, ISO 8601, whole seconds."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"
