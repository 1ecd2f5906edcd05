"""Rounds through all consumers: a worker's round with limited time, and `drain()`, which goes on until all is read."""

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import Min, QuerySet

from foundation.journal import adopting, positions, registry
from foundation.journal.models import Cursor, Parked
from foundation.journal.positions import Outlook
from foundation.journal.registry import Consumer
from foundation.journal.running import PASSED_OVER, CursorMoved, Outcome, run
from foundation.kit import clock
from foundation.kit.asking import Row, objects_of, rows_of

log = logging.getLogger(__name__)

SLICE_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.01


class ConsumerFailed(Exception):
    """A consumer could not handle an entry; the cause is the handler's own error."""


class StillWaiting(TimeoutError):
    """Another transaction or process holds the journal's readers back for longer than the caller waits."""


@dataclass(slots=True)
class Round:
    """What came of one round, by consumer; `below` is the horizon that it read to."""

    below: int
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def moved(self) -> bool:
        return any(outcome.moved for outcome in self.outcomes.values())

    @property
    def more(self) -> bool:
        return any(outcome.more for outcome in self.outcomes.values())

    @property
    def busy(self) -> list[str]:
        return [name for name, outcome in self.outcomes.items() if outcome.busy]


def run_all(*, seconds: float = float("inf"), eager: bool = False, only: Collection[str] | None = None) -> Round:
    """Let each consumer (or `only` the named ones) read what is new, for at most `seconds` each.

    `eager` ignores `at_most_every`.

    Raises RuntimeError inside a transaction, whose own horizon would hold the readers back.
    """
    if connection.in_atomic_block:
        raise RuntimeError("Consumers run outside of transactions: each entry is handled in one of its own.")
    look = adopting.outlook_at_home()
    this = Round(below=look.below)
    asked = [consumer for consumer in registry.registered() if only is None or consumer.name in only]
    for consumer in _with_work(asked, look, eager=eager):
        try:
            outcome = run(consumer, below=look.below, until=time.monotonic() + seconds)
        except CursorMoved as error:
            log.warning("%s", error)
            outcome = Outcome(busy=True)
        this.outcomes[consumer.name] = outcome
    return this


def drain(*, strict: bool = True, patience: float = 30.0) -> int:
    """Run all consumers until nothing is left to read; give how many entries were handled (counted per consumer).

    Waits, up to `patience` seconds, for transactions of others that hold the horizon back, and for another process
    that has a cursor; then raises StillWaiting. What waits in the parking for its time or for a person stays there.
    With `strict` the first failure of a handler is raised as ConsumerFailed, after it was parked.
    """
    handled, deadline = 0, time.monotonic() + patience
    while True:
        this = run_all(eager=True)
        for name, outcome in this.outcomes.items():
            handled += outcome.handled
            if strict and outcome.failures:
                raise ConsumerFailed(f"{name}: {outcome.failures[0]!r}") from outcome.failures[0]
        if this.moved:
            continue
        if not this.busy and not positions.waiting(this.below):
            return handled
        if time.monotonic() > deadline:
            raise StillWaiting(_what_holds_back(this))
        time.sleep(POLL_SECONDS)


def _with_work(consumers: Sequence[Consumer], look: Outlook, *, eager: bool) -> list[Consumer]:
    """Give those that may have something to do; three queries, however many there are, and two more for new ones."""
    now, newest = clock.now(), look.newest
    cursors = {cursor.consumer: cursor for cursor in objects_of(_cursors)}
    if new := [consumer for consumer in consumers if consumer.name not in cursors]:
        cursors |= {cursor.consumer: cursor for cursor in positions.new_cursors(new, look)}
    due = {consumer for consumer, first in rows_of(_retries, steady=True) if first is not None and first <= now}
    # A consumer that waits for other kinds than came last is left where it is, until that has gone on for a while.
    near = [cursor.window_from for cursor in cursors.values() if 0 <= newest - cursor.window_from < PASSED_OVER]
    came = positions.kinds_from(min(near)) if near else {}

    def has_work(consumer: Consumer) -> bool:
        cursor = cursors[consumer.name]
        if consumer.name in due:
            return True
        if not eager and cursor.moved_at is not None and timedelta(0) <= now - cursor.moved_at < consumer.at_most_every:
            return False
        if consumer.kinds is not None and newest - cursor.window_from < PASSED_OVER:
            return any(came.get(kind, -1) >= cursor.window_from for kind in consumer.kinds)
        return newest >= cursor.window_from

    return [consumer for consumer in consumers if has_work(consumer)]


def _cursors() -> QuerySet[Cursor]:
    return Cursor.objects.all()


def _retries() -> QuerySet[Parked, Row]:
    return Parked.objects.order_by().values_list("consumer").annotate(first=Min("retry_at"))


def _what_holds_back(this: Round) -> str:
    if this.busy:
        return f"Another process has been running these consumers all the time: {', '.join(this.busy)}."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, application_name, state, xact_start FROM pg_stat_activity "
            "WHERE backend_xid IS NOT NULL ORDER BY age(backend_xid) DESC LIMIT 1"
        )
        row = cursor.fetchone()
    if row is None:
        return "A prepared transaction holds the journal's readers back; see pg_prepared_xacts."
    return f"The transaction of process {row[0]} ({row[1] or 'unnamed'}, {row[2]}) has been open since {row[3]}."
