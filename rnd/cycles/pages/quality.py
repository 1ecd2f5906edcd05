"""Data quality: what was moved, left out or never recorded, with the tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.quality import MOST, Quality, quality
from rnd.cycles.documents import Column, Figure, Note, Row, Section, Table
from rnd.cycles.filters import Filters
from rnd.cycles.listing import UNRECORDED
from rnd.cycles.presenting import all_rows_url, reason_label, tickets_url


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of loops and what is known to be wrong with what stands behind them."""
    found = quality(actor, filters)
    # The period does not narrow them.
    ever = filters.but(since=None, until=None)
    unrecorded = tickets_url(ever, work=UNRECORDED) if found.unrecorded_n else ""
    sections = [
        Section(
            name="overview",
            title=_("What the figures stand on"),
            lede=_(
                "Nothing is dropped and nothing is clipped silently: whatever was moved or left out is listed here."
            ),
            figures=[
                Figure("loops", _("Loops"), found.loops, "count"),
                Figure("moved_entries", _("Moved entries"), found.moved_entries, "count", n=found.moved_n),
                Figure("unrecorded", _("Finished without recorded work"), found.unrecorded_n, "count", url=unrecorded),
                Figure("without_loop", _("Tickets without facts yet"), found.without_loop_n, "count"),
                Figure("old_definition", _("By an older definition"), found.old_definition, "count"),
            ],
        ),
        Section(
            name="left_out",
            title=_("Left out of the statistics"),
            lede=_("Tickets that were rejected, merged or closed without a fix; by reason."),
            table=Table(
                [Column("reason", _("Reason")), Column("n", _("Tickets"), "count")],
                [
                    Row([reason_label(reason), n], {"reason": (link := tickets_url(filters, show=reason)), "n": link})
                    for reason, n in found.left_out.items()
                ],
            ),
            open=True,
        ),
        _tickets(
            (
                "moved",
                _("Entries out of order"),
                _(
                    "Their claimed time lies before that of an earlier entry, or after the server had them; they "
                    "count later or earlier."
                ),
            ),
            list(found.moved),
            found.moved_n,
            found,
            filters,
            moved=found.moved,
        ),
        _tickets(
            (
                "unrecorded",
                _("Finished without recorded work"),
                _("Nobody marked who worked on it or what blocked it, so all its time counts as waiting."),
            ),
            found.unrecorded,
            found.unrecorded_n,
            found,
            filters,
        ),
        _tickets(
            (
                "without_loop",
                _("Tickets without facts yet"),
                _("The projection has not come to them; they are in no figure. This should be empty within seconds."),
            ),
            found.without_loop,
            found.without_loop_n,
            found,
            filters,
        ),
    ]
    return found.loops, sections


def _tickets(
    title: tuple[str, str, str],
    tickets: Sequence[int],
    n: int,
    found: Quality,
    filters: Filters,
    *,
    moved: Mapping[int, int] | None = None,
) -> Section:
    """Give the list of `n` tickets; with `moved`, how many entries of each."""
    notes, (name, said, lede) = [], title
    if n > len(tickets):
        notes.append(Note(_("The newest %(most)d of %(n)d are listed.") % {"most": MOST, "n": n}))
        notes.append(Note(_("All of them, as a file"), url=all_rows_url(filters, "quality"), way=True))
    if not n:
        notes.append(Note(_("None."), "good"))
    columns = [Column("ticket", _("Ticket"), "ticket"), Column("title", _("Title")), Column("team", _("Team"))]
    rows: list[list[Any]] = [[pk, *found.named[pk]] for pk in tickets]
    if moved is not None:
        columns.append(Column("moved_entries", _("Moved entries"), "count"))
        rows = [[*row, moved[row[0]]] for row in rows]
    table = Table(columns, [Row(row) for row in rows]) if rows else None
    return Section(name=name, title=said, lede=lede, notes=notes, table=table, open=True)
