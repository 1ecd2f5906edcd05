"""Proves that the journal is what was sealed: no entry altered, none gone, none slipped in, no seal replaced."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Sum

from foundation.journal import positions
from foundation.journal.models import Cursor, Entry, Seal
from foundation.journal.sealing import DIGEST_SIZE, GENESIS, digest, link_hash

SEALS_AT_A_TIME: Final = 50
SEALER: Final = "journal.seal"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is not as it was sealed."""

    problem: str
    seal: int | None
    entry: int | None
    sentence: str


@dataclass(slots=True)
class Report:
    """What was proven: everything up to the seal `head`, whose hash is `head_hash`."""

    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    head: int = 0
    head_hash: str = GENESIS.hex()
    finding: Finding | None = None

    @property
    def intact(self) -> bool:
        return self.finding is None

    def as_json(self) -> dict[str, Any]:
        return {"intact": self.intact, **asdict(self)}


def verify(
    *, anchor: tuple[int, str] | None = None, progress: Callable[[Report], None] = lambda report: None
) -> Report:
    """Check every seal and every sealed entry, in the order of the chain, up to the first finding.

    `anchor` is a seal's number and hash that were kept outside of the database. `progress` is called now and then.
    """
    report = Report()
    cursor = Cursor.objects.filter(consumer=SEALER).first()  # before the seals: what is sealed later is no finding
    for seals in _chunks():
        report.finding = _broken_seal(seals, report, anchor) or _bad_entry(seals)
        if report.finding is not None:
            return report
        report.seals += len(seals)
        report.entries += sum(seal.count for seal in seals)
        report.head, report.head_hash = seals[-1].number, bytes(seals[-1].hash).hex()
        progress(report)
    if anchor is not None and report.head < anchor[0]:
        report.finding = Finding(
            "seal_missing", anchor[0], None, f"The seal {anchor[0]}, whose hash you have kept, is gone."
        )
    elif cursor is not None:
        report.finding = _beside_the_chain(cursor)
    report.unsealed = unsealed(cursor)
    return report


def _chunks() -> Iterator[list[Seal]]:
    last = 0
    while seals := list(Seal.objects.filter(number__gt=last).order_by("number")[:SEALS_AT_A_TIME]):
        yield seals
        last = seals[-1].number


def _broken_seal(seals: list[Seal], report: Report, anchor: tuple[int, str] | None) -> Finding | None:
    """Check the chain itself: numbers without a gap, and each hash as it follows from the one before."""
    number, before = report.head, bytes.fromhex(report.head_hash)
    for seal in seals:
        number += 1
        if seal.number != number:
            return Finding("seal_missing", number, None, f"The seal {number} is missing.")
        link = link_hash(before, number, seal.ids, bytes(seal.digests))
        whole = seal.count == len(seal.ids) == len(bytes(seal.digests)) // DIGEST_SIZE
        if not whole or bytes(seal.previous_hash) != before or bytes(seal.hash) != link:
            return Finding("seal_altered", number, None, f"The seal {number} is not the one that was made.")
        if anchor is not None and anchor[0] == number and anchor[1] != link.hex():
            return Finding(
                "anchor_differs", number, None, f"The seal {number} has the hash {link.hex()}, not {anchor[1]}."
            )
        before = link
    return None


def _bad_entry(seals: list[Seal]) -> Finding | None:
    """Compare the entries with their sealed hashes; names the first bad one in the order of the chain."""
    expected = {
        entry_id: (seal.number, bytes(seal.digests)[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE])
        for seal in seals
        for place, entry_id in enumerate(seal.ids)
    }
    good: set[int] = set()
    altered: set[int] = set()
    for entry in Entry.objects.filter(id__range=(min(expected), max(expected))).iterator(chunk_size=2000):
        if entry.id in expected:
            (good if digest(entry) == expected[entry.id][1] else altered).add(entry.id)
    for entry_id, (number, _digest) in expected.items():
        if entry_id in altered:
            return Finding("entry_altered", number, entry_id, f"The entry {entry_id} was altered after it was sealed.")
        if entry_id not in good:
            return Finding("entry_missing", number, entry_id, f"The entry {entry_id} was sealed and is gone.")
    return None


def _beside_the_chain(cursor: Cursor) -> Finding | None:
    """Look for entries that the sealing has passed without sealing them, and for seals cut off with their entries."""
    sealed = Seal.objects.aggregate(sum=Sum("count"))["sum"] or 0
    if sealed < cursor.handled:
        return Finding(
            "seal_missing",
            None,
            None,
            f"{cursor.handled} entries were sealed, and the seals hold {sealed}: the newest seals are gone.",
        )
    with connection.cursor() as sql:
        sql.execute(
            "SELECT min(e.id) FROM journal_entry e WHERE (e.xid < %s OR (e.xid < %s AND e.id <= %s)) AND NOT EXISTS "
            "(SELECT 1 FROM (SELECT unnest(ids) AS id FROM journal_seal) sealed WHERE sealed.id = e.id)",
            [str(cursor.window_from), str(cursor.window_to), cursor.last_id],
        )
        stranger = sql.fetchone()[0]
    if stranger is None:
        return None
    return Finding("entry_inserted", None, stranger, f"The entry {stranger} was slipped in among sealed ones.")


def unsealed(cursor: Cursor | None) -> int:
    """Give how many entries the sealing has still to read."""
    place = positions.Position() if cursor is None else positions.of(cursor)
    return positions.count_after(place)
