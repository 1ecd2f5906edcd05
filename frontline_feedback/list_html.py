"""The list of tickets as HTML, written straight from Python: its rows, fifty of them, and its bar of filters.

What a row and the bar say depends on a few values and the language; where these are the same, so is the text.
"""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone

from foundation.kit import clock, wording
from foundation.kit.components import badge, key_chip, severity_badge, timed
from foundation.kit.memory import one_language, per_language
from foundation.kit.strip_html import strip
from foundation.kit.strips import Part
from frontline_feedback.forms import Known, TicketFilterForm, Written
from frontline_feedback.queries import TicketRow


def ticket_rows(rows: Iterable[tuple[TicketRow, Sequence[Part] | None]]) -> SafeString:
    """Show tickets, each with its strip where the clock knows it, as rows of a table."""
    now, zone = clock.now(), get_current_timezone()
    written: list[str] = []
    with one_language():
        for ticket, parts in rows:
            before, after = _around_strip(ticket, wording.distance(ticket.received_at, now=now), zone)
            written += before, strip(parts) if parts else "", after
    return SafeString("".join(written))


@per_language
def _around_strip(ticket: TicketRow, received: str, zone: tzinfo) -> tuple[str, str]:
    address = f"/{ticket.key}"
    state = badge("outcome", ticket.outcome) if ticket.outcome else badge("ticket", ticket.state)
    before = (
        f"<tr data-row><td>{key_chip(ticket.key, address, ticket.state)}</td>"
        f'<td class="title"><a href="{address}">{escape(ticket.title)}</a></td>'
        f"<td>{severity_badge(ticket.severity, short=True)}</td><td>{state}</td>"
        '<td class="strip-cell">'
    )
    after = (
        f'</td><td class="muted nowrap">{escape(ticket.component)}</td>'
        f'<td class="muted nowrap">{escape(ticket.team)}</td>'
        f'<td class="right faint">{timed(ticket.received_at, received, zone)}</td></tr>'
    )
    return before, after


@per_language
def ticket_filters(written: Written, known: Known, tab: str) -> SafeString:
    """Show the bar of filters with what was written into it."""
    form = TicketFilterForm(dict(written), known=known, tab=tab)
    return render_to_string("frontline_feedback/_ticket_filters.html", {"filter_form": form})
