"""A partition for each month, and a place for what has none."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.journal import partitions
from foundation.journal.models import Entry
from foundation.kit import clock
from tests.journal.test_append_only import partition_of
from tests.journal.things import note

pytestmark = pytest.mark.django_db(transaction=True)


def test_this_month_and_the_next_two_are_ready_after_migrate() -> None:
    today = clock.now()
    assert partitions.name_of(today.date()) in partitions.existing()
    assert partitions.ensure() == []
    assert partition_of(note()) == partitions.name_of(today.date())


def test_partitions_are_made_for_the_months_asked_for_and_guarded_at_once() -> None:
    made = partitions.ensure(first=date(1999, 11, 20), last=date(2000, 1, 2))
    assert made == ["journal_entry_1999_11", "journal_entry_1999_12", "journal_entry_2000_01"]
    with clock.at(datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)):
        last = note()
    with clock.at(datetime(2000, 1, 1, tzinfo=UTC)):
        first = note()
    assert [partition_of(last), partition_of(first)] == made[1:]
    for statement in ("DELETE FROM", "TRUNCATE"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as sql:
            sql.execute(f"{statement} journal_entry_1999_12")
    drop(*made)


def test_a_month_without_a_partition_is_written_all_the_same_and_stays_where_it_is() -> None:
    with clock.at(datetime(1998, 5, 5, tzinfo=UTC)):
        entry = note()
    assert partition_of(entry) == "journal_entry_default"
    assert partitions.ensure(first=date(1998, 5, 1), last=date(1998, 5, 1)) == []
    assert Entry.objects.get(id=entry.id) == entry


def test_making_partitions_gives_up_where_others_hold_the_table(other_session: object) -> None:
    other_session.execute("LOCK TABLE journal_entry_default IN ACCESS SHARE MODE")  # type: ignore[attr-defined]  # a psycopg connection
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partitions, "LOCK_TIMEOUT", "50ms")
        assert partitions.ensure(first=date(1997, 1, 1), last=date(1997, 1, 1)) == []


def drop(*names: str) -> None:
    with connection.cursor() as sql:
        sql.execute(f"DROP TABLE {', '.join(names)}")
