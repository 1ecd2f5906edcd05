"""`{% load tickets %}`: a team's tickets, written straight from Python, for there are many; and the forms of a ticket's
page, which differ from ticket to ticket in addresses only."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from html import escape
from uuid import uuid4

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone

from foundation.kit import clock
from foundation.kit.components import ago, severity_badge
from foundation.kit.memory import one_language, rendered
from frontline_feedback.panels import BLANK_FORMS, Panels
from frontline_feedback.standing import Standing

register = template.Library()
Ago = Callable[[datetime], str]


@register.simple_tag
def standing_rows(standings: Iterable[Standing]) -> SafeString:
    """Show tickets as the team that reported them sees them, as items of a list."""
    ago = _ago()
    with one_language():
        return SafeString("".join([_standing(standing, ago) for standing in standings]))


@register.simple_tag(takes_context=True)
def triage_actions(context: Context, panels: Panels) -> SafeString | str:
    """Offer what may be decided about a ticket: buttons, each with its key, and their dialogs."""
    if not panels.may_triage:
        return ""
    differing = {**_of(context, panels), "key": panels.ticket.key, "next_url": panels.next_url}
    may = tuple(verb for verb, allowed in panels.may.items() if allowed)
    return rendered("frontline_feedback/_triage_actions.html", differing, may=may, forms=BLANK_FORMS)


@register.simple_tag(takes_context=True)
def comment_form(context: Context, panels: Panels, next_url: str = "") -> SafeString:
    """Let one write a word to the front or to the engineers."""
    differing = {**_of(context, panels), "next_url": next_url, "client_uuid": str(uuid4())}
    return rendered("frontline_feedback/_comment_form.html", differing, forms=BLANK_FORMS)


@register.simple_tag(takes_context=True)
def attach_form(context: Context, panels: Panels, unfolded: bool = False) -> SafeString:  # noqa: FBT001, FBT002 -- of a template
    """Let one add a photo or a log file."""
    differing = _of(context, panels)
    return rendered("frontline_feedback/_attach_form.html", differing, forms=BLANK_FORMS, unfolded=bool(unfolded))


def _of(context: Context, panels: Panels) -> dict[str, str]:
    return {
        "csrf_token": str(context.get("csrf_token") or ""),
        "path": context["request"].path,
        "address": panels.ticket.get_absolute_url(),
    }


def _ago() -> Ago:
    """Give what tells how long ago something was; now and the reader's time zone are the same for a whole list."""
    return partial(ago, now=clock.now(), zone=get_current_timezone())


def _standing(standing: Standing, ago: Ago) -> str:
    ticket = standing.ticket
    return (
        f'<li class="standing-row" data-row><a class="standing-title" href="{ticket.get_absolute_url()}">'
        f"{escape(ticket.title)}</a>{severity_badge(ticket.severity, short=True)}"
        f'<p class="standing-words clamped">{escape(standing.words)}</p><p class="standing-facts">'
        f'<span class="mono">{ticket.key}</span><span>{escape(ticket.component.name)}</span>'
        f"{ago(ticket.received_at)}</p></li>"
    )
