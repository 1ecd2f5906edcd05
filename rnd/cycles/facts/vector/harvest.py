"""Reads the journal for the clock over arrays: many tickets and their tasks in four queries, parts of tasks in two."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from rnd.cycles.facts.columnar.reading import NOTHING
from rnd.cycles.facts.lean.rows import WORDS
from rnd.cycles.facts.raw import Cursor
from rnd.cycles.facts.vector.clock import Tickets, wind
from rnd.cycles.facts.vector.entries import gathered, own_entries, parts_entries, work_entries
from rnd.cycles.facts.vector.loops import Loops
from rnd.cycles.facts.vector.parts import Parts, parts_of

# As in `rows.NUMBERS`, and the place of the severity in `rows.WORDS`.
_FACETS: Final = (
    "SELECT "
    + ", ".join(
        f"array_agg({column})"
        for column in (
            "id", "programme_id", "platform_id", "component_id", f"coalesce(hardware_id, {NOTHING})", "team_id",
            f"coalesce(release_id, {NOTHING})",
            f"coalesce(array_position(ARRAY{list(WORDS['severity'])}, severity::text), 1)::bigint - 1",
        )
    )
    + " FROM frontline_feedback_ticket WHERE {}"
)  # fmt: skip
_TASKS: Final = "SELECT array_agg(id), array_agg(programme_id), array_agg(component_id) FROM engineering_task WHERE {}"
_LINKS: Final = "SELECT array_agg(ticket_id), array_agg(task_id) FROM engineering_taskticket WHERE {}"


def harvest(cursor: Cursor, tickets: Collection[int]) -> tuple[Loops, list[int]]:
    """Give the loop of each ticket that was received, and the odd tickets, whose loops are left to the lean clock."""
    *facets, severity = gathered(cursor, _FACETS, tickets, "id")
    order = np.argsort(facets[0])
    order = order[np.isin(facets[0][order], np.fromiter(tickets, np.int64, len(tickets)))]
    known = Tickets(np.stack(facets)[:, order], severity[order])
    ticket, task = gathered(cursor, _LINKS, tickets, "ticket_id")
    work = work_entries(cursor, np.unique(task).tolist())
    loops, odd = wind(own_entries(cursor, tickets), work, (ticket, task), known)
    return loops, odd.tolist()


def harvest_parts(cursor: Cursor, tasks: Collection[int]) -> tuple[Parts, list[int]]:
    """Give the parts of the tasks, and the odd ones, whose parts are left to `lean.parts`."""
    facets = np.stack(gathered(cursor, _TASKS, tasks, "id"))
    facets = facets[:, np.isin(facets[0], np.fromiter(tasks, np.int64, len(tasks)))]
    entries, reasons = parts_entries(cursor, tasks)
    parts, odd = parts_of(entries, reasons, facets)
    return parts, odd.tolist()
