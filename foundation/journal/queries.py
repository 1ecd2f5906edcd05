"""What pages and API read of the journal: the story of a subject, the consumers' state, the feed."""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from foundation.journal import parking, positions, registry, verifying
from foundation.journal.models import Cursor, Entry, Parked, Seal
from foundation.journal.positions import Position
from foundation.kit.errors import Invalid

Subject = tuple[str, int]
LAG_COUNTED: Final = 10_000
PARKED_SHOWN: Final = 200
CURSOR: Final = re.compile(r"[0-9]{1,6}-[0-9]{1,18}-[0-9]{1,18}-[0-9]{1,18}")
CLUSTERS: Final = 1_000_000

_ACTIVITY: Final = """
    SELECT {columns} FROM unnest(%s::text[], %s::bigint[]) AS about (type, id)
    CROSS JOIN LATERAL (
        SELECT * FROM journal_entry
        WHERE subject_type = about.type AND subject_id = about.id
        ORDER BY occurred_at DESC, id DESC LIMIT %s
    ) e
    ORDER BY e.occurred_at DESC, e.id DESC LIMIT %s
"""
# The lag is counted up to a limit: nobody needs to know which of two huge numbers it is.
_LAGS: Final = """
    SELECT asked.name, (SELECT count(*) FROM (
        SELECT 1 FROM journal_entry e
        WHERE e.xid >= COALESCE(c.window_from, '0') AND (e.xid >= COALESCE(c.window_to, '0') OR e.id > c.last_id)
            AND (asked.kinds IS NULL OR e.kind IN (SELECT jsonb_array_elements_text(asked.kinds)))
        LIMIT %s) counted)
    FROM jsonb_to_recordset(%s::jsonb) AS asked (name text, kinds jsonb)
    LEFT JOIN journal_cursor c ON c.consumer = asked.name
"""


def activity(*, subjects: Collection[Subject], limit: int = 50) -> list[Entry]:
    """Give the newest entries about any of the subjects, the one that happened last first; one query.

    Each subject costs one look into an index, however long its story is.
    """
    if not subjects:
        return []
    types, ids = zip(*dict.fromkeys(subjects), strict=True)
    query = _ACTIVITY.format(columns=positions.COLUMNS)
    return list(Entry.objects.raw(query, [list(types), list(ids), limit, limit]))


def entries_of(subject: Subject, *, kinds: Iterable[str] | None = None) -> list[Entry]:
    """Give the whole story of one subject, in the order in which it was recorded; one query."""
    found = Entry.objects.filter(subject_type=subject[0], subject_id=subject[1])
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    return list(found.order_by("id"))


# --- operations ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """How one consumer is doing. `lag` counts up to LAG_COUNTED + 1; `installed` is False for a leftover cursor."""

    name: str
    installed: bool
    replayable: bool
    handled: int
    moved_at: datetime | None
    lag: int
    parked: int
    stuck: int
    error: str
    retry_at: datetime | None

    @property
    def lag_is_more(self) -> bool:
        return self.lag > LAG_COUNTED

    @property
    def condition(self) -> str:
        """One word for how it is: removed, halted, stuck, retrying, behind or current."""
        if not self.installed:
            return "removed"
        if self.error:
            return "halted"
        if self.parked:
            return "stuck" if self.stuck else "retrying"
        return "behind" if self.lag else "current"


@dataclass(frozen=True, slots=True)
class ParkedHead:
    """The oldest parked entry of a subject, and how many wait behind it."""

    parked: Parked
    behind: int

    @property
    def stuck(self) -> bool:
        """True once it is no longer tried by itself."""
        return self.parked.retry_at is None


@dataclass(frozen=True, slots=True)
class SealState:
    """The newest seal (None before the first), and how many entries are not sealed yet."""

    newest: Seal | None
    unsealed: int

    @property
    def anchor(self) -> str:
        """What to keep elsewhere, for `verify_journal --anchor`."""
        return f"{self.newest.number}:{bytes(self.newest.hash).hex()}" if self.newest else ""


def consumers() -> list[ConsumerState]:
    """Give the state of every consumer, by name; three queries."""
    cursors = {cursor.consumer: cursor for cursor in Cursor.objects.all()}
    parked = {name: (every, stuck) for name, every, stuck in parking.counts()}
    known = {consumer.name: consumer for consumer in registry.registered()}
    lag = lags()
    states = []
    for name in sorted(cursors.keys() | known.keys()):
        cursor = cursors.get(name, Cursor(consumer=name))
        every, stuck = parked.get(name, (0, 0))
        states.append(
            ConsumerState(
                name=name,
                installed=name in known,
                replayable=name in known and known[name].reset is not None,
                handled=cursor.handled,
                moved_at=cursor.moved_at,
                lag=lag.get(name, 0),
                parked=every,
                stuck=stuck,
                error=cursor.error,
                retry_at=cursor.retry_at,
            )
        )
    return states


def lags() -> dict[str, int]:
    """Give how many entries each consumer has still to read, counted up to LAG_COUNTED + 1; one query."""
    asked = [
        {"name": consumer.name, "kinds": None if consumer.kinds is None else sorted(consumer.kinds)}
        for consumer in registry.registered()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_LAGS, [LAG_COUNTED + 1, json.dumps(asked)])
        return dict(cursor.fetchall())


def parked_heads() -> list[ParkedHead]:
    """Give the parked entries that hold up their subjects, those waiting for a person first; two queries."""
    heads = list(
        Parked.objects.order_by("consumer", "subject_type", "subject_id", "id").distinct(
            "consumer", "subject_type", "subject_id"
        )
    )
    waiting = {(consumer, *subject): number for consumer, *subject, number in parking.queue_lengths()}
    shown = [ParkedHead(head, waiting[head.consumer, *head.subject] - 1) for head in heads]
    return sorted(shown, key=lambda head: (not head.stuck, head.parked.parked_at))[:PARKED_SHOWN]


def seal_state() -> SealState:
    """Give how far the sealing is; three queries."""
    newest = Seal.objects.defer("ids", "digests").order_by("-number").first()
    return SealState(newest, verifying.unsealed(Cursor.objects.filter(consumer=verifying.SEALER).first()))


# --- feed ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some entries in the order of reading, and the cursor to ask with for what comes after them."""

    entries: list[Entry]
    cursor: str
    more: bool


def feed(*, cursor: str, limit: int, kinds: Sequence[str] | None = None) -> FeedPage:
    """Give the next entries after `cursor` ("" is the beginning), exactly as a consumer would be given them.

    Raises Invalid for a cursor that is none, or that comes from another database.
    """
    look = positions.outlook()
    place = read_cursor(cursor, look.cluster)
    position, ids, whole = positions.unread(place, look.below, kinds, limit + 1)
    more = len(ids) > limit
    ids = ids[:limit]
    if not more and whole:
        position = position.end() if position.window_to else place
    elif ids:
        position = position.at(ids[-1])
    return FeedPage(positions.entries(ids), write_cursor(position, look.cluster), more)


def write_cursor(place: Position, cluster: int) -> str:
    """Give a place as a text that callers keep; it begins with a mark of the database."""
    return f"{cluster % CLUSTERS}-{place.window_from}-{place.window_to}-{place.last_id}"


def read_cursor(text: str, cluster: int) -> Position:
    """Give the place that a cursor names; raises Invalid for any other text, and for a cursor from elsewhere."""
    if not text:
        return Position()
    if CURSOR.fullmatch(text) is None:
        raise Invalid(
            "journal.cursor_invalid",
            _("“%(cursor)s” is no place in the journal. Use the “cursor” of an earlier answer, unchanged.")
            % {"cursor": text[:80]},
            field="cursor",
        )
    mark, *place = map(int, text.split("-"))
    if mark != cluster % CLUSTERS:
        raise Invalid(
            "journal.cursor_elsewhere",
            _(
                "This cursor was given before the database was restored from a backup. "
                "Begin again without a cursor, and skip the ids that you have."
            ),
            field="cursor",
        )
    return Position(*place)
