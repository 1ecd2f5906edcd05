"""The forecast of chosen tickets, and how such forecasts were kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from frontline_feedback.keys import key_of, pk_of
from rnd.cycles.analysis.chosen import Chosen, chosen, chosen_before
from rnd.cycles.documents import Column, Note, Row, Section, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages.promises import by_days, past_days
from rnd.cycles.statistics.figures import FEWEST, P85


def sections(actor: Actor, filters: Filters, asked: Mapping[str, Any]) -> list[Section]:
    """Give when the chosen tickets are all done, and what each adds to it; nothing where none were chosen."""
    numbers = _numbers(asked)
    if not numbers:
        return []
    found = chosen(actor, filters, numbers)
    return [_together(found, filters, asked), *([_each(found)] if len(found.tickets) > 1 else [])]


def past_sections(actor: Actor, filters: Filters, asked: Mapping[str, Any]) -> list[Section]:
    """Give each past forecast of tickets as old as the chosen ones, beside what came."""
    numbers = _numbers(asked)
    n, trials = chosen_before(actor, filters, numbers) if numbers else (0, [])
    if not n:
        return []
    said = ngettext(
        "Past forecasts of %(n)d such ticket, made with 85 %%",
        "Past forecasts of %(n)d such tickets, made with 85 %%",
        n,
    )
    lede = _(
        "One for the end of each week, of open tickets that were then as old as the chosen ones are now, or nearly, "
        "from nothing but what was known then."
    )
    return [past_days("chosen", trials, date.fromordinal, title=said % {"n": n}, lede=lede)]


def _numbers(asked: Mapping[str, Any]) -> list[int]:
    return [number for key in str(asked.get("tickets", "")).split(",") if (number := pk_of(key)) is not None]


def _together(found: Chosen, filters: Filters, asked: Mapping[str, Any]) -> Section:
    figures, table = by_days(found.when, found.day)
    asks = ngettext(
        "When is %(keys)s in the field and confirmed?",
        "When are %(keys)s in the field and confirmed?",
        len(found.tickets),
    )
    keys = ", ".join(one.loop.ticket.key for one in found.tickets)
    return Section(
        name="chosen",
        title=asks % {"keys": keys} if keys else _("None of the chosen tickets is open any more"),
        lede=_(
            "Each takes as much longer as finished loops did that were as old as it is now, whatever the others take; "
            "the day is the one by which all of them are done. Then stretched by how far past forecasts of such "
            "tickets were wrong."
        ),
        notes=[*_notes(found), *_ways(found, filters, asked)],
        figures=figures if found.tickets else [],
        table=table if found.tickets else None,
        open=True,
    )


def _notes(found: Chosen) -> list[Note]:
    notes = []
    if found.gone:
        said = ngettext(
            "%(keys)s is not open any more, and is left out.",
            "%(keys)s are not open any more, and are left out.",
            len(found.gone),
        )
        notes.append(Note(said % {"keys": ", ".join(map(key_of, found.gone))}, "info"))
    if old := [one.loop.ticket.key for one in found.tickets if one.longer < FEWEST]:
        said = ngettext(
            "Of %(keys)s nobody can say, and so of all: fewer than ten finished loops took longer than it has.",
            "Of %(keys)s nobody can say, and so of all: fewer than ten finished loops took longer than they have.",
            len(old),
        )
        notes.append(Note(said % {"keys": ", ".join(old)}, "warn"))
    if found.tickets:
        said = ngettext(
            "Made from %(n)d finished loop, at any time. Filters narrow these, and not the tickets.",
            "Made from %(n)d finished loops, at any time. Filters narrow these, and not the tickets.",
            found.n,
        )
        notes.append(Note(said % {"n": found.n}))
    return notes


def _ways(found: Chosen, filters: Filters, asked: Mapping[str, Any]) -> list[Note]:
    if found.when[P85].raw is None:
        return []
    query = filters.query(**{name: str(value) for name, value in asked.items()})
    way = f"{reverse('cycles:report_backtest')}?{query}#chosen"
    return [Note(_("Every past forecast beside what came"), url=way, way=True)]


def _each(found: Chosen) -> Section:
    return Section(
        name="each",
        title=_("Each of them alone"),
        lede=_("By which day each is done with 85 %, calibrated by its own past. Ages are up to the last whole day."),
        table=Table(
            [
                Column("ticket", _("Ticket"), "ticket"),
                Column("title", _("Title")),
                Column("team", _("Team")),
                Column("age", _("Age in days"), "count"),
                Column("longer", _("Finished loops that took longer"), "count"),
                Column("days", _("Days"), "count"),
                Column("day", _("By"), "day"),
            ],
            [
                Row(
                    [
                        one.loop.pk, one.loop.ticket.title, one.loop.team.name, one.age, one.longer,
                        one.alone[P85].promised, found.day(one.alone[P85].promised),
                    ]
                )
                for one in found.tickets
            ],
        ),
        open=True,
    )  # fmt: skip
