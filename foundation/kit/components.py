"""The small components that lists repeat by the hundred, written as HTML straight from Python for speed.

Larger ones are templates in `templates/kit/components/`; both are used through `{% load kit %}`.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from foundation.kit import clock, vocabulary, wording
from foundation.kit.memory import per_language

NOTHING: Final = mark_safe("")


@per_language
def icon(name: str, label: str = "") -> SafeString:
    """Give a line icon from the sprite; without a label it is decoration and hidden from screen readers."""
    if not name:
        return NOTHING
    href = _sprite() if settings.DEBUG else _cached_sprite(settings.STATIC_URL or "")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, href, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', href, name)


def _sprite() -> str:
    return static("icons/sprite.svg")


@lru_cache(maxsize=4)
def _cached_sprite(static_url: str) -> str:
    # The storage looks the hashed name up each time, and a list shows hundreds of icons.
    return _sprite()


@per_language
def badge(name: str, value: Any) -> SafeString:
    """Give the badge of a value in a vocabulary: icon, word and tone."""
    if value in (None, ""):
        return NOTHING
    word = vocabulary.word(name, value)
    hint = format_html(' title="{}"', word.hint) if word.hint else NOTHING
    return format_html('<span class="badge tone-{}"{}>{}{}</span>', word.tone, hint, icon(word.icon), word.label)


@per_language
def stage_badge(value: Any, *, mode: str = "") -> SafeString:
    """Give a stage's colour, number and name, and the mode where it says more than the stage does."""
    if value in (None, ""):
        return NOTHING
    word = vocabulary.word("stage", value)
    extra = NOTHING
    if mode == "blocked":
        blocked = vocabulary.word("mode", mode)
        extra = format_html(
            '<span class="stage-mode tone-{}">{}{}</span>', blocked.tone, icon(blocked.icon), blocked.label
        )
    return format_html(
        '<span class="stage s-{}" title="{}"><b aria-hidden="true">{}</b>{}{}</span>',
        word.value,
        word.hint,
        word.mark or "?",
        word.label,
        extra,
    )


@per_language
def severity_badge(value: Any, *, short: bool = False) -> SafeString:
    """Give a severity: its mark with bars for how bad it is, and the word unless `short`."""
    if value in (None, ""):
        return NOTHING
    word = vocabulary.word("severity", value)
    name = NOTHING if short else format_html("<span>{}</span>", word.label)
    title = format_html(' title="{}"', word.label) if short else NOTHING
    hidden = format_html('<span class="visually-hidden">{}</span>', word.label) if short else NOTHING
    return format_html(
        '<span class="severity sev-{}"{}><b>{}</b>{}{}</span>',
        word.value.lower(),
        title,
        word.mark or word.value,
        name,
        hidden,
    )


def key_chip(key: str, url: str = "", state: str = "", *, of: str = "ticket") -> SafeString:
    """Give a key such as FB-12, as a link where there is an address, with its state's sign where one is given."""
    sign, closed = _sign(of, state) if state else ("", "")
    if url:
        return mark_safe(f'<a class="key{closed}" href="{escape(url)}">{sign}{escape(key)}</a>')  # noqa: S308 - escaped
    return mark_safe(f'<span class="key{closed}">{sign}{escape(key)}</span>')  # noqa: S308 - escaped


@per_language
def _sign(of: str, state: str) -> tuple[str, str]:
    word = vocabulary.word(of, state)
    sign = format_html(
        '<span class="key-state tone-{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
        word.tone,
        word.label,
        icon(word.icon or "circle-dot"),
        word.label,
    )
    return sign, " is-over" if word.tone == "muted" else ""


def initials(name: str) -> str:
    """Give at most two initials: of the first and the last word."""
    words = [word for word in name.replace("(", " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@per_language
def avatar(name: str) -> SafeString:
    """Give a round sign with the initials; the hue only helps to recognise, the name is always beside it."""
    hue = sum(name.encode()) % 6
    return format_html('<span class="avatar av-{}" aria-hidden="true">{}</span>', hue, initials(name))


def person(name: str, team: str = "") -> SafeString:
    """Give a person, or a team's device, with initials, name and team."""
    if not name:
        return format_html('<span class="person faint">{}</span>', gettext("Nobody"))
    team_part = format_html('<span class="person-team">{}</span>', team) if team else NOTHING
    return format_html(
        '<span class="person">{}<span class="person-name">{}</span>{}</span>', avatar(name), name, team_part
    )


def ago(moment: datetime | None, *, now: datetime | None = None) -> SafeString:
    """Give a moment as a distance, with the exact one on hover and for machines."""
    if moment is None:
        return mark_safe('<span class="faint">–</span>')
    exact, words = escape(wording.exact(moment)), escape(wording.distance(moment, now=now or clock.now()))
    return mark_safe(f'<time datetime="{wording.iso(moment)}" title="{exact}" data-ago>{words}</time>')  # noqa: S308 - escaped


def moment(value: datetime | None) -> SafeString:
    """Give an exact moment, for tables in which moments are compared."""
    if value is None:
        return mark_safe('<span class="faint">–</span>')
    return format_html('<time class="num" datetime="{}">{}</time>', wording.iso(value), wording.exact(value))


def duration(microseconds: int | None) -> SafeString:
    """Give a length in words, with every unit on hover."""
    if microseconds is None:
        return mark_safe('<span class="faint">–</span>')
    return format_html(
        '<span class="num nowrap" title="{}">{}</span>',
        wording.duration(microseconds, precise=True),
        wording.duration(microseconds),
    )
