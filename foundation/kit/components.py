"""The small components that lists repeat by the hundred, written as HTML straight from Python for speed.

Larger ones are templates in `templates/kit/components/`; both are used through `{% load kit %}`.
"""

from datetime import datetime, tzinfo

# What Django's escape does, in a third of the time; lists escape thousands of texts.
from html import escape as quoted
from typing import Any, Final

from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext

from foundation.kit import clock, vocabulary, wording
from foundation.kit.memory import per_language

NOTHING: Final = mark_safe("")


@per_language
def icon(name: str, label: str = "") -> SafeString:
    """Give a line icon from the sprite; without a label it is decoration and hidden from screen readers."""
    if not name:
        return NOTHING
    href = static("icons/sprite.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, href, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', href, name)


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
        return SafeString(f'<a class="key{closed}" href="{quoted(url)}">{sign}{quoted(key)}</a>')
    return SafeString(f'<span class="key{closed}">{sign}{quoted(key)}</span>')


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
    html = f'<span class="person">{avatar(name)}<span class="person-name">{escape(name)}</span>{team_part}</span>'
    return mark_safe(html)  # noqa: S308 - escaped


def ago(moment: datetime | None, *, now: datetime | None = None, zone: tzinfo | None = None) -> SafeString:
    """Give a moment as a distance, with the exact one on hover and for machines; lists bring their reader's zone."""
    if moment is None:
        return SafeString('<span class="faint">–</span>')
    return timed(moment, wording.distance(moment, now=now or clock.now()), zone or get_current_timezone())


def timed(moment: datetime, words: str, zone: tzinfo) -> SafeString:
    """Give words for a moment, with the exact one in the reader's zone on hover and for machines."""
    iso, exact = _stamp(moment, zone)
    return SafeString(f'<time datetime="{iso}" title="{exact}" data-ago>{quoted(words)}</time>')


@per_language
def _stamp(moment: datetime, _zone: tzinfo) -> tuple[str, str]:
    return wording.iso(moment), quoted(wording.exact(moment))


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


def commit_line(
    sha: str,
    subject: str,
    author: str = "",
    moment: datetime | None = None,
    *,
    url: str = "",
    added: int | None = None,
    removed: int | None = None,
) -> SafeString:
    """Show one commit on one line: short hash, subject, author, time, lines added and removed."""
    short = escape(sha[:9])
    html = f'<a class="sha" href="{escape(url)}">{short}</a>' if url else f'<code class="sha">{short}</code>'
    html += f'<span class="commit-subject">{conditional_escape(subject)}</span>'
    if added is not None:
        html += f'<span class="commit-lines num"><ins>+{added}</ins> <del>−{removed}</del></span>'
    if author:
        html += f'<span class="commit-author">{person(author)}</span>'
    if moment:
        html += f'<span class="commit-when faint">{ago(moment)}</span>'
    return mark_safe(f'<div class="commit">{html}</div>')  # noqa: S308 - escaped


def feed_item(
    content: str,
    moment: datetime | None = None,
    *,
    actor: str = "",
    team: str = "",
    sign: str = "dot",
    tone: str = "neutral",
) -> SafeString:
    """Show one item of an activity feed; the content is the sentence, and a quote may follow it."""
    kind, shown = (f"tone-{escape(tone)} is-dot", "") if sign == "dot" else (f"tone-{escape(tone)}", icon(sign))
    line = f'<div class="feed-line">{person(actor, team) if actor else ""}{ago(moment)}</div>'
    body = f'<div class="feed-body">{line}{conditional_escape(content)}</div>'
    return mark_safe(f'<li class="feed-item"><span class="feed-sign {kind}">{shown}</span>{body}</li>')  # noqa: S308 - escaped


def dialog(content: str, name: str, title: str, *, small: bool = False) -> SafeString:
    """Wrap content as a dialog that any `data-dialog="<name>"` button opens."""
    name, kind = escape(name), "dialog dialog-small" if small else "dialog"
    html = f'<div class="dialog-head"><h2 id="{name}-title">{conditional_escape(title)}</h2>{_close_button()}</div>'
    html += conditional_escape(content)
    return mark_safe(f'<dialog class="{kind}" id="{name}" aria-labelledby="{name}-title">{html}</dialog>')  # noqa: S308 - escaped


@per_language
def _close_button() -> SafeString:
    return format_html(
        '<button class="btn btn-quiet btn-icon" type="button" data-dialog-close aria-label="{}">{}</button>',
        gettext("Close"),
        icon("x"),
    )
