"""Compute the facts of some tickets from the journal and store them in place of what was stored before."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction

from foundation.kit.transactions import lock
from frontline_feedback.models import Ticket
from rnd.cycles.clock import wind
from rnd.cycles.facts import row_of, segments_of
from rnd.cycles.models import Loop, Segment
from rnd.cycles.reading import stories_of
from rnd.cycles.way import Way

_COLUMNS: Final = [field.attname for field in Loop._meta.concrete_fields if not field.primary_key]
_FIELDS: Final = [field.name for field in Loop._meta.concrete_fields if not field.primary_key]


@transaction.atomic
def project_tickets(*, ticket_ids: Collection[int]) -> int:
    """Bring the facts of these tickets up to date; give how many rows changed.

    Doing it again changes nothing, whatever the order in which entries arrived. A ticket that the journal does not
    know as received has no facts.
    """
    # The consumer and a rebuild may run at once: who reads later must also write later.
    lock("cycles.project")
    wanted = computed(ticket_ids)
    stored = {loop.pk: loop for loop in Loop.objects.filter(pk__in=list(ticket_ids))}
    changed = {pk for pk, (row, _way) in wanted.items() if pk not in stored or not same(stored[pk], row)}
    gone = stored.keys() - wanted.keys()
    if gone or changed & stored.keys():
        Segment.objects.filter(loop_id__in=[*gone, *(changed & stored.keys())]).delete()
    if gone:
        Loop.objects.filter(pk__in=gone).delete()
    rows = [row for pk, (row, _way) in wanted.items() if pk in changed]
    Loop.objects.bulk_create(rows, update_conflicts=True, unique_fields=["ticket"], update_fields=_FIELDS)
    Segment.objects.bulk_create(
        [segment for pk, (_row, way) in wanted.items() if pk in changed for segment in segments_of(pk, way)],
        batch_size=5000,
    )
    return len(changed) + len(gone)


def computed(ticket_ids: Collection[int]) -> dict[int, tuple[Loop, Way]]:
    """Give the rows as the journal says they should be, without storing them, by ticket."""
    stories = stories_of(ticket_ids)
    found = {}
    for ticket in Ticket.objects.filter(pk__in=list(ticket_ids)).order_by("pk"):
        way = wind(stories[ticket.pk])
        if way is not None:
            found[ticket.pk] = (row_of(ticket, way), way)
    return found


def same(one: Loop, other: Loop) -> bool:
    """Tell whether two rows say the same of a ticket."""
    return all(getattr(one, column) == getattr(other, column) for column in _COLUMNS)
