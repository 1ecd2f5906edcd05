"""The database itself refuses to change or to forget what was recorded."""

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.journal.consumers import drain
from foundation.journal.models import Entry, Seal
from tests.journal.things import note

pytestmark = pytest.mark.django_db(transaction=True)


def partition_of(entry: Entry) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM journal_entry WHERE id = %s", [entry.id])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET actor_name = 'Nobody'",
        "UPDATE {table} SET recorded_at = recorded_at - interval '40 days'",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
@pytest.mark.parametrize("table", ["journal_entry", "partition", "journal_entry_default", "journal_seal"])
def test_change_and_removal_are_refused(table: str, statement: str) -> None:
    entry = note()
    drain()
    in_default = note_long_ago()
    if table == "partition":
        table = partition_of(entry)
        assert table.startswith("journal_entry_2")
    elif table == "journal_entry_default":
        assert partition_of(in_default) == table
    elif table == "journal_seal":
        statement = (
            statement.replace("actor_name", "count").replace("'Nobody'", "7").replace("recorded_at", "sealed_at")
        )
    with (
        pytest.raises(IntegrityError, match="The journal only grows"),
        transaction.atomic(),
        connection.cursor() as sql,
    ):
        sql.execute(statement.format(table=table))
    assert Entry.objects.count() == 2
    assert Seal.objects.count() == 1


def test_the_orm_is_refused_too() -> None:
    entry = note()
    entry.actor_name = "Nobody"
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()


def note_long_ago() -> Entry:
    from datetime import UTC, datetime

    from foundation.kit import clock

    with clock.at(datetime(2001, 1, 1, tzinfo=UTC)):
        return note()
