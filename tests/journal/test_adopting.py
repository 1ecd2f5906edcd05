"""A backup restored into another cluster: transaction numbers begin anew, and nobody misses an entry."""

from typing import Any

import pytest
from django.db import connection

from foundation.journal import adopting, positions
from foundation.journal.consumers import drain
from foundation.journal.models import Cursor, Entry, Seal
from foundation.journal.verifying import verify
from tests.journal.conftest import Listen
from tests.journal.test_sealing import without_guards
from tests.journal.things import LAMP, RADIO, move, note

pytestmark = pytest.mark.django_db(transaction=True)
FAR = 1_000_000_000


def restore_elsewhere() -> None:
    """Make the database look as if it had been dumped from a cluster that was much older, and restored here."""
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET xid = (xid::text::bigint + %s)::text::xid8", [FAR])
    for reader in Cursor.objects.all():
        reader.window_from = reader.window_from and reader.window_from + FAR
        reader.window_to = reader.window_to and reader.window_to + FAR
        reader.cluster = 4711
        reader.save()


def test_readers_go_on_where_they_were(listen: Listen) -> None:
    seen: dict[str, list[int]] = {"test.all": [], "test.moves": [], "test.lagging": []}
    listen("test.all")(lambda entry: seen["test.all"].append(entry.id))
    listen("test.moves", kinds=["thing.moved"])(lambda entry: seen["test.moves"].append(entry.id))
    written = [note(LAMP).id, move(LAMP, "shelf").id, note(RADIO).id]
    drain()
    unread = [note(LAMP).id, move(RADIO, "bin").id]
    listen("test.lagging")(lambda entry: seen["test.lagging"].append(entry.id))
    restore_elsewhere()
    early = [note(LAMP).id, move(LAMP, "bench").id]  # written before any reader has noticed
    drain()
    late = [note(LAMP).id]
    drain()
    assert seen["test.all"] == written + unread + early + late
    assert seen["test.moves"] == [written[1], unread[1], early[1]]
    assert seen["test.lagging"] == written + unread + early + late


def test_the_seals_hold_and_go_on() -> None:
    note(LAMP)
    drain()
    restore_elsewhere()
    note(LAMP)
    drain()
    assert Seal.objects.count() == 2
    report = verify()
    assert (report.intact, report.entries, report.unsealed) == (True, 2, 0)


def test_a_reader_that_starts_now_is_not_given_the_past(listen: Listen) -> None:
    seen: list[int] = []
    note(LAMP)
    listen("test.news", start="now")(lambda entry: seen.append(entry.id))
    drain()
    restore_elsewhere()
    news = note(LAMP)
    drain()
    assert seen == [news.id]


def test_at_home_nothing_is_adopted() -> None:
    entry = note(LAMP)
    drain()
    assert adopting.adopt() is False
    assert Entry.objects.get().xid == entry.xid
    assert positions.outlook().foreign is False


def test_a_drain_that_was_interrupted_in_a_window_goes_on_in_it(listen: Listen) -> None:
    seen: list[int] = []
    stop = [3]

    def handle(entry: Entry) -> Any:
        if len(seen) == stop[0]:
            raise KeyboardInterrupt
        seen.append(entry.id)

    listen("test.all")(handle)
    written = [note(LAMP).id for _ in range(6)]
    with pytest.raises(KeyboardInterrupt):
        drain()
    restore_elsewhere()
    stop[0] = 99
    drain()
    assert seen == written
