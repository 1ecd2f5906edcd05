"""What the clock does when the journal says so: the facts that an entry touches are computed anew."""

from datetime import timedelta

from django.db import connection

from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from rnd.cycles.actions import project_entries, project_tasks, refresh_rollups
from rnd.cycles.facts.columnar.work import touch_tasks
from rnd.cycles.facts.parts_sql import KINDS as OF_WORK
from rnd.cycles.facts.raw import cursor
from rnd.cycles.facts.reading import KINDS, LINKS


def forget_facts() -> None:
    """Empty the facts and the roll-ups, before the journal is read from its beginning."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE cycles_loop, cycles_course, cycles_flow, cycles_span, cycles_slab, cycles_loopcolumn, "
            "cycles_taskpart, cycles_workslab, cycles_workcolumn"
        )


@consumer("cycles.project", kinds=KINDS, batch=1000, reset=forget_facts, repeatable=True)
def project(entries: list[Entry]) -> None:
    """Keep the facts in step with the journal."""
    project_entries(entries=entries)
    project_tasks(task_ids={entry.subject_id for entry in entries if entry.kind in OF_WORK})
    if linked := {entry.subject_id for entry in entries if entry.kind in LINKS}:
        with cursor() as bare:
            touch_tasks(bare, linked)


@consumer("cycles.spans", kinds=KINDS, batch=10_000, at_most_every=timedelta(seconds=15))
def compute_spans(_entries: list[Entry]) -> None:
    """Compute the weeks and months anew that changed loops touched; until then whoever reads one does it alone."""
    refresh_rollups()
