"""What the clock does when the journal says so: the facts of each ticket that an entry touches are computed anew."""

from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from rnd.cycles.actions import project_tickets
from rnd.cycles.models import Loop, Segment
from rnd.cycles.reading import KINDS, touched_by


def forget_facts() -> None:
    """Empty the facts, before the journal is read from its beginning."""
    Segment.objects.all().delete()
    Loop.objects.all().delete()


@consumer("cycles.project", kinds=KINDS, batch=200, reset=forget_facts)
def project(entries: list[Entry]) -> None:
    """Keep the facts in step with the journal."""
    project_tickets(ticket_ids=touched_by(entries))
