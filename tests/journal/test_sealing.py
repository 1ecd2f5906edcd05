"""The chain of hashes: it holds while nobody touches the journal, and names what was touched."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from foundation.accounts.actors import Actor
from foundation.journal import record, sealing
from foundation.journal.consumers import drain, run_all
from foundation.journal.models import Cursor, Entry, Seal
from foundation.journal.verifying import verify
from foundation.kit import clock
from tests.journal.things import LAMP, RADIO, ThingNoted, note

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@contextmanager
def without_guards() -> Iterator[None]:
    """What the owner of the tables, or a superuser, can do: no trigger fires."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER; ALTER TABLE journal_seal DISABLE TRIGGER USER")
        try:
            yield
        finally:
            cursor.execute(
                "ALTER TABLE journal_entry ENABLE TRIGGER USER; ALTER TABLE journal_seal ENABLE TRIGGER USER"
            )


def tamper(statement: str, *params: int | list[int]) -> None:
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount > 0


@pytest.fixture
def sealed(transactional_db: None) -> list[int]:
    """Entries in three seals, and one that is not sealed yet."""
    written = []
    for texts in (("one", "two", "three"), ("four",), ("five", "six")):
        written += [note(LAMP, text).id for text in texts]
        drain()
    note(RADIO, "not yet")
    assert Seal.objects.count() == 3
    return written


def test_an_untouched_journal_is_intact(sealed: list[int]) -> None:
    report = verify()
    assert report.intact
    assert (report.entries, report.seals, report.unsealed, report.head) == (len(sealed), 3, 1, 3)
    newest = Seal.objects.get(number=3)
    assert report.head_hash == bytes(newest.hash).hex()


def test_an_empty_journal_is_intact() -> None:
    assert verify().as_json()["intact"] is True


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Nobody'",
        "actor_id = 7",
        "team_id = 9",
        "kind = 'thing.moved'",
        "subject_id = 99",
        "occurred_at = occurred_at - interval '1 microsecond'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        """data = '{"text": "four!"}'""",
    ],
)
def test_an_altered_entry_is_named(sealed: list[int], change: str) -> None:
    tamper(f"UPDATE journal_entry SET {change} WHERE id = %s", sealed[3])
    finding = verify().finding
    assert finding is not None
    assert (finding.problem, finding.seal, finding.entry) == ("entry_altered", 2, sealed[3])


def test_a_removed_entry_is_named(sealed: list[int]) -> None:
    tamper("DELETE FROM journal_entry WHERE id = %s", sealed[1])
    finding = verify().finding
    assert finding is not None
    assert (finding.problem, finding.seal, finding.entry) == ("entry_missing", 1, sealed[1])


def test_the_first_of_several_bad_entries_is_named(sealed: list[int]) -> None:
    tamper("DELETE FROM journal_entry WHERE id = %s", sealed[4])
    tamper("UPDATE journal_entry SET actor_name = 'Nobody' WHERE id = %s", sealed[2])
    finding = verify().finding
    assert finding is not None
    assert finding.entry == sealed[2]


def test_an_entry_slipped_in_among_sealed_ones_is_named(sealed: list[int]) -> None:
    tamper(
        "INSERT INTO journal_entry (xid, subject_type, subject_id, kind, occurred_at, recorded_at, actor_kind, "
        "actor_name, data) SELECT xid, subject_type, subject_id, kind, occurred_at, recorded_at, actor_kind, "
        "actor_name, data FROM journal_entry WHERE id = %s",
        sealed[0],
    )
    finding = verify().finding
    assert finding is not None
    assert (finding.problem, finding.entry) == ("entry_inserted", Entry.objects.order_by("-id")[0].id)


def test_an_altered_seal_is_named(sealed: list[int]) -> None:
    tamper("UPDATE journal_seal SET digests = set_byte(digests, 0, get_byte(digests, 0) # 1) WHERE number = 2")
    finding = verify().finding
    assert finding is not None
    assert (finding.problem, finding.seal) == ("seal_altered", 2)


def test_a_removed_seal_is_named(sealed: list[int]) -> None:
    tamper("DELETE FROM journal_seal WHERE number = 2")
    finding = verify().finding
    assert finding is not None
    assert (finding.problem, finding.seal) == ("seal_missing", 2)


def test_cutting_off_the_newest_seals_with_their_entries_is_noticed(sealed: list[int]) -> None:
    tamper("DELETE FROM journal_seal WHERE number = 3")
    tamper("DELETE FROM journal_entry WHERE id = ANY(%s)", sealed[4:])
    finding = verify().finding
    assert finding is not None
    assert finding.problem == "seal_missing"


def test_a_chain_that_was_rebuilt_whole_is_caught_by_a_hash_kept_elsewhere(sealed: list[int]) -> None:
    kept = (2, bytes(Seal.objects.get(number=2).hash).hex())
    assert verify(anchor=kept).intact
    with without_guards():
        Entry.objects.filter(id=sealed[0]).update(actor_name="Nobody")
        Seal.objects.all().delete()
        Cursor.objects.all().delete()
    drain()
    assert verify().intact, "the forger was thorough"
    finding = verify(anchor=kept).finding
    assert finding is not None
    assert finding.problem == ("anchor_differs" if Seal.objects.count() >= 2 else "seal_missing")


def test_seals_chain_on_from_one_another(sealed: list[int]) -> None:
    seals = list(Seal.objects.order_by("number"))
    assert bytes(seals[0].previous_hash) == sealing.GENESIS
    assert [bytes(seal.previous_hash) for seal in seals[1:]] == [bytes(seal.hash) for seal in seals[:-1]]


def test_the_canonical_form_is_what_the_documentation_says() -> None:
    with clock.at(NOON), transaction.atomic():
        written = record(
            ThingNoted(text="Ротор «скрипить»"),
            subject=LAMP,
            actor=Actor(kind="user", id=3, name="Олена"),
            occurred_at=NOON - timedelta(microseconds=5),
            team_id=8,
        )
    entry = Entry.objects.get(id=written.id)
    assert sealing.canonical(entry).decode() == (
        '{"actor_id":3,"actor_kind":"user","actor_name":"Олена","data":{"text":"Ротор «скрипить»"},'
        f'"id":{entry.id},"kind":"thing.noted","occurred_at":"2026-03-01T11:59:59.999995+00:00",'
        '"recorded_at":"2026-03-01T12:00:00.000000+00:00","subject_id":1,"subject_type":"thing","team_id":8}'
    )


def test_sealing_waits_a_minute_so_that_seals_have_a_decent_size() -> None:
    with clock.at(NOON):
        note()
        run_all()
    with clock.at(NOON + timedelta(seconds=59)):
        note()
        run_all()
    assert Seal.objects.count() == 1
    with clock.at(NOON + timedelta(seconds=60)):
        note()
        run_all()
    assert [seal.count for seal in Seal.objects.order_by("number")] == [1, 2]


def test_the_command_reports_and_its_exit_code_tells(sealed: list[int]) -> None:
    out = StringIO()
    call_command("verify_journal", "--json", stdout=out, stderr=StringIO())
    assert json.loads(out.getvalue())["entries"] == len(sealed)
    tamper("UPDATE journal_entry SET actor_name = 'Nobody' WHERE id = %s", sealed[0])
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("verify_journal", stdout=out, stderr=StringIO())
    assert caught.value.code == 1
    assert f"The entry {sealed[0]} was altered" in out.getvalue()
