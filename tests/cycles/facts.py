"""Everything that is stored of loops and tasks, to be compared before and after."""

from __future__ import annotations

from typing import Any

from frontline_feedback.models import Ticket
from rnd.cycles.actions.project_tickets import computed, same
from rnd.cycles.facts import rollups
from rnd.cycles.models import Flow, Loop, Segment, TaskPart


def facts() -> list[Any]:
    """Everything that is stored, without the segments' own numbers."""
    segments = Segment.objects.order_by("loop", "ordinal").values_list(
        "loop", "ordinal", "stage", "mode", "pass_number", "since", "until"
    )
    flow = Flow.objects.order_by("programme", "component", "day").values_list()
    nothing = (0,) * len(rollups.FLOW_COLUMNS)
    return [
        list(Loop.objects.order_by("pk").values_list()),
        list(segments),
        [row for row in flow if row[-len(nothing) :] != nothing],
        list(TaskPart.objects.order_by("pk").values_list()),
    ]


def is_as_the_journal_says(ticket: Ticket) -> bool:
    """Tell whether the stored row of a ticket is what the clock makes of its whole story."""
    return same(Loop.objects.get(pk=ticket.pk), computed([ticket.pk])[ticket.pk][0])
