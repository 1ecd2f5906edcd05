"""Many entries in one INSERT are what the same calls of `record()` would have been."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal import kinds, record
from foundation.journal.bulk import Told, record_all
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.transactions import TransactionRequired
from tests.journal.things import Thing, ThingNoted

THEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.django_db
def test_entries_written_at_once_are_those_written_one_by_one() -> None:
    texts = ["first", "with a \\ and a \t and \u20ac", "third"]
    with clock.at(THEN), transaction.atomic():
        record_all([Told(ThingNoted(text=text), Thing(n), THEN) for n, text in enumerate(texts, 1)], actor=SYSTEM)
        for n, text in enumerate(texts, 1):
            record(ThingNoted(text=text), subject=Thing(n), actor=SYSTEM, occurred_at=THEN)
    entries = list(Entry.objects.order_by("id"))
    assert len(entries) == 6
    names = [field.name for field in Entry._meta.concrete_fields if field.name != "id"]
    for many, single in zip(entries[:3], entries[3:], strict=True):
        assert [getattr(many, name) for name in names] == [getattr(single, name) for name in names]
        assert many.payload == single.payload


@pytest.mark.django_db
def test_what_one_entry_may_not_be_none_of_many_may() -> None:
    with transaction.atomic():
        record_all([], actor=SYSTEM)
        naive = Told(ThingNoted(text="b"), Thing(2), THEN.replace(tzinfo=None))
        with pytest.raises(ValueError, match="time zone"):
            record_all([Told(ThingNoted(text="a"), Thing(1)), naive], actor=SYSTEM)
        with pytest.raises(kinds.WrongPayload):
            record_all([Told("a", Thing(1))], actor=SYSTEM)  # type: ignore[arg-type]  # that is the point
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_entries_need_a_transaction_too() -> None:
    with pytest.raises(TransactionRequired):
        record_all([Told(ThingNoted(text="a"), Thing(1))], actor=SYSTEM)
