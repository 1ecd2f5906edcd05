"""`{% load tickets %}`: the list of tickets; its rows are written straight from Python, for there are fifty of them."""

from collections.abc import Iterable, Sequence
from html import escape

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from foundation.kit.components import ago, badge, key_chip, severity_badge
from foundation.kit.memory import per_language
from foundation.kit.strip_html import strip
from foundation.kit.strips import Part
from frontline_feedback.forms import Known, TicketFilterForm
from frontline_feedback.queries import TicketRow

register = template.Library()


@register.simple_tag
def ticket_rows(rows: Iterable[tuple[TicketRow, Sequence[Part] | None]]) -> SafeString:
    """Show tickets, each with its strip where the clock knows it, as rows of a table."""
    return SafeString("".join([_row(ticket, parts) for ticket, parts in rows]))


@register.simple_tag
def ticket_filters(form: TicketFilterForm) -> SafeString:
    """Show the bar of filters; where it shows the same, it is rendered once."""
    return _filters(form.written, form.known, form.tab)


@per_language
def _filters(written: tuple[tuple[str, str], ...], known: Known, tab: str) -> SafeString:
    form = TicketFilterForm(dict(written), known=known, tab=tab)
    return render_to_string("frontline_feedback/_ticket_filters.html", {"filter_form": form})


def _row(ticket: TicketRow, parts: Sequence[Part] | None) -> str:
    address = f"/{ticket.key}"
    state = badge("outcome", ticket.outcome) if ticket.outcome else badge("ticket", ticket.state)
    return (
        f"<tr data-row><td>{key_chip(ticket.key, address, ticket.state)}</td>"
        f'<td class="title"><a href="{address}">{escape(ticket.title)}</a></td>'
        f"<td>{severity_badge(ticket.severity, short=True)}</td><td>{state}</td>"
        f'<td class="strip-cell">{strip(parts) if parts else ""}</td>'
        f'<td class="muted nowrap">{escape(ticket.component)}</td><td class="muted nowrap">{escape(ticket.team)}</td>'
        f'<td class="right faint">{ago(ticket.received_at)}</td></tr>'
    )
