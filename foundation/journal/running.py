"""One run of one consumer: read what is new, hand it over, and keep the place, all or nothing."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from psycopg.pq import TransactionStatus

from foundation.journal import parking, positions
from foundation.journal.models import Cursor, Entry
from foundation.journal.positions import Position
from foundation.journal.registry import Consumer
from foundation.kit import clock
from foundation.kit.asking import objects_of, planned_once
from foundation.kit.transactions import lock_number

log = logging.getLogger(__name__)

# So many transactions without an entry of interest are worth a write of the place.
PASSED_OVER: Final = 1000
READ_AHEAD: Final = 200  # entries fetched by one query for a consumer that handles them one by one
# Deadlock, serialization failure, lock timeout: nobody's fault, and gone a moment later.
TRANSIENT: Final = frozenset({"40P01", "40001", "55P03"})
TRANSIENT_TRIES: Final = 3


# Takes the lock unless somebody has it, and only then sets the session up for a run; gives what was set before.
_TAKE: Final = """
    WITH session AS MATERIALIZED (
        SELECT pg_try_advisory_lock(%s::bigint) AS mine, current_setting('synchronous_commit') AS commits,
            current_setting('plan_cache_mode') AS plans
    )
    SELECT mine, commits, plans, CASE WHEN mine THEN set_config('synchronous_commit', 'off', false) END,
        CASE WHEN mine THEN set_config('plan_cache_mode', 'force_generic_plan', false) END
    FROM session
"""
_GIVE_BACK: Final = """
    SELECT set_config('synchronous_commit', %s::text, false), set_config('plan_cache_mode', %s::text, false),
        pg_advisory_unlock(%s::bigint)
"""


class CursorMoved(Exception):
    """Another process has moved the cursor: this run must stop, its last transaction is rolled back."""


class SwallowedDatabaseError(RuntimeError):
    """A handler caught a database error outside of a savepoint: PostgreSQL would answer the COMMIT by rolling back."""


@dataclass(slots=True)
class Outcome:
    """What came of a run. `more`: time was up before the end. `busy`: another process has the cursor."""

    handled: int = 0
    moved: bool = False
    more: bool = False
    busy: bool = False
    failures: list[BaseException] = field(default_factory=list)


def run(consumer: Consumer, *, below: int, until: float = float("inf")) -> Outcome:
    """Let one consumer read everything below the horizon `below`, or until the monotonic clock says `until`."""
    with alone(consumer) as mine:
        if not mine:
            return Outcome(busy=True)
        return _Run(consumer, below=below, until=until).go()


def lock_of(consumer: Consumer) -> int:
    """Give the number of the advisory lock that stands for the consumer's cursor."""
    return lock_number(f"journal.consumer.{consumer.name}")


@contextmanager
def alone(consumer: Consumer) -> Iterator[bool]:
    """Hold the consumer's advisory lock for this session; it ends with the process, however that ends.

    Commits need not wait for the disk meanwhile: what a crash takes back, it takes back together with the cursor,
    and it is done again. Prepared queries keep their plans, whatever they are asked for.
    """
    number = lock_of(consumer)
    with planned_once() as cursor:
        cursor.execute(_TAKE, [str(number)])
        mine, commits, plans, *_now = cursor.fetchone()
        if not mine:
            yield False
            return
        try:
            yield True
        finally:
            with suppress(OperationalError, InterfaceError):  # a lost session has lost its locks and settings too
                cursor.execute(_GIVE_BACK, [commits, plans, str(number)])


def _cursor_of(consumer: str) -> QuerySet[Cursor]:
    return Cursor.objects.filter(consumer=consumer)


def _refuse_broken_transaction() -> None:
    if connection.needs_rollback or connection.connection.info.transaction_status == TransactionStatus.INERROR:
        raise SwallowedDatabaseError(
            "The handler went on after a database error (or asked for a rollback): its transaction is lost. "
            "Wrap what may fail in `with transaction.atomic():` and catch the error outside of it."
        )


class _Run:
    def __init__(self, consumer: Consumer, *, below: int, until: float) -> None:
        self.consumer = consumer
        self.below = below
        self.until = until
        self.outcome = Outcome()
        if not (known := objects_of(_cursor_of, key=consumer.name)):
            positions.new_cursors([consumer], positions.outlook())
            known = objects_of(_cursor_of, key=consumer.name)
        (self.cursor,) = known
        self.position = positions.of(self.cursor)
        self.held: set[tuple[str, int]] = set()

    def go(self) -> Outcome:
        if self.cursor.retry_at is not None and self.cursor.retry_at > clock.now():
            return self.outcome
        self._retry_parked()
        while not self.outcome.more and self._read_chunk():
            pass
        return self.outcome

    # --- what is new ------------------------------------------------------------------------------

    def _read_chunk(self) -> bool:
        """Handle the next ids; False when there is nothing left to do in this run."""
        position, ids, whole = positions.unread(self.position, self.below, self.consumer.kinds)
        if not ids:
            self._pass_over(position)
            return False
        progress = False
        for group in self._groups(ids):
            progress = True
            if time.monotonic() > self.until:
                self.outcome.more = True
                return False
            last = group[-1].id
            after = position.end() if whole and last == ids[-1] else position.at(last)
            if not self._handle(group, position, after):
                return False
        return progress

    def _groups(self, ids: list[int]) -> Iterator[list[Entry]]:
        size = self.consumer.batch or 1
        remaining = iter(ids)
        while wanted := list(islice(remaining, max(size, READ_AHEAD) // size * size)):
            found = positions.entries(wanted)
            for start in range(0, len(found), size):
                yield found[start : start + size]

    def _handle(self, group: list[Entry], position: Position, after: Position) -> bool:
        """Handle a group and move the cursor to `after`, in one transaction; False where the consumer halts."""
        free = [entry for entry in group if entry.subject not in self.held]
        try:
            self._attempt(free, [entry for entry in group if entry.subject in self.held], after)
        except CursorMoved:
            raise
        except Exception as error:  # noqa: BLE001 -- a handler may raise anything; it is kept with the entry
            if self.consumer.on_failure == "halt":
                self._halt(group[0], error)
                return False
            if len(group) == 1:
                self._park(group[0], error, after)
            else:
                for entry in group:
                    self._handle([entry], position, after if entry is group[-1] else position.at(entry.id))
        return True

    def _attempt(self, free: list[Entry], behind: list[Entry], after: Position) -> None:
        for attempt in range(1, TRANSIENT_TRIES + 1):
            try:
                if self.consumer.repeatable:
                    self._call(free)
                with transaction.atomic() if behind or not self.consumer.repeatable else nullcontext():
                    # The cursor first: its row stays locked, and a run that lost its place has done nothing yet.
                    self._advance(after, len(free), max(entry.id for entry in (*free, *behind)))
                    if not self.consumer.repeatable:
                        self._call(free)
                        _refuse_broken_transaction()
                    parking.park_behind(self.consumer.name, behind)
            except OperationalError as error:
                if attempt == TRANSIENT_TRIES or getattr(error.__cause__, "sqlstate", "") not in TRANSIENT:
                    raise
            else:
                break
        self._moved_to(after, len(free))

    def _call(self, entries: Sequence[Entry]) -> None:
        if entries:
            self.consumer.handle(list(entries) if self.consumer.batch else entries[0])

    # --- the place --------------------------------------------------------------------------------

    def _advance(self, after: Position, handled: int, high_id: int) -> None:
        """Move the cursor, inside the transaction of what was handled; only from where this run left it."""
        before = self.position
        with planned_once() as cursor:
            cursor.execute(
                "UPDATE journal_cursor SET window_from = %s, window_to = %s, last_id = %s, "
                "high_id = GREATEST(high_id, %s), handled = handled + %s, moved_at = %s, "
                "attempts = 0, retry_at = NULL, error = '' "
                "WHERE id = %s AND window_from = %s AND window_to = %s AND last_id = %s",
                [
                    *(str(after.window_from), str(after.window_to), after.last_id, high_id, handled, clock.now()),
                    *(self.cursor.pk, str(before.window_from), str(before.window_to), before.last_id),
                ],
            )
            if cursor.rowcount != 1:
                raise CursorMoved(f"The cursor of {self.consumer.name} is no longer at {before}.")

    def _moved_to(self, after: Position, handled: int) -> None:
        self.position = after
        self.outcome.handled += handled
        self.outcome.moved = True

    def _pass_over(self, empty: Position) -> None:
        """Keep the place after a window without anything of interest, once it is worth a write."""
        if empty.window_to - self.position.window_to >= PASSED_OVER:
            with transaction.atomic():
                self._advance(empty.end(), 0, 0)
            self.position = empty.end()

    # --- failures ---------------------------------------------------------------------------------

    def _park(self, entry: Entry, error: BaseException, after: Position) -> None:
        log.warning("%s could not handle %s; it is parked.", self.consumer.name, entry, exc_info=error)
        with transaction.atomic():
            parking.park(self.consumer.name, entry, error)
            self._advance(after, 0, entry.id)
        self.held.add(entry.subject)
        self.outcome.failures.append(error)
        self._moved_to(after, 0)

    def _halt(self, entry: Entry, error: BaseException) -> None:
        log.error("%s stopped at %s.", self.consumer.name, entry, exc_info=error)
        attempts = self.cursor.attempts + 1
        Cursor.objects.filter(pk=self.cursor.pk).update(
            attempts=attempts,
            retry_at=parking.next_try(min(attempts, len(parking.BACKOFF))),
            error=parking.describe(error),
        )
        self.outcome.failures.append(error)

    def _retry_parked(self) -> None:
        for head in parking.heads(self.consumer.name):
            self.held.add(head.subject)
            if parking.is_due(head):
                self._retry_subject(head.subject)

    def _retry_subject(self, subject: tuple[str, int]) -> None:
        """Try what is parked of a subject, oldest first, until one fails again or none is left."""
        while time.monotonic() < self.until:
            with transaction.atomic():
                head = parking.locked_head(self.consumer.name, subject)
                if head is None:
                    self.held.discard(subject)
                if head is None or not parking.is_due(head):
                    return
                try:
                    with transaction.atomic():
                        self._call([positions.entry(head.entry_id)])
                        head.delete()
                        Cursor.objects.filter(pk=self.cursor.pk).update(handled=F("handled") + 1)
                except Exception as error:
                    log.warning("%s could not handle entry %s again.", self.consumer.name, head, exc_info=error)
                    parking.fail_again(head, error)
                    self.outcome.failures.append(error)
                    return
            self.outcome.handled += 1
            self.outcome.moved = True
        self.outcome.more = True
