"""A subject, kinds and helpers for tests of the journal: it knows no ticket, so neither do its tests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import psycopg
from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal import record
from foundation.journal.kinds import Payload
from foundation.journal.models import Entry


class ThingNoted(Payload, kind="thing.noted"):
    text: str = ""


class ThingMoved(Payload, kind="thing.moved"):
    to: str


@dataclass(frozen=True)
class Thing:
    pk: int
    journal_type: ClassVar[str] = "thing"


LAMP, RADIO, ROTOR = Thing(1), Thing(2), Thing(3)


def note(thing: Thing = LAMP, text: str = "", *, occurred_at: datetime | None = None) -> Entry:
    """Record a note in a transaction of its own."""
    with transaction.atomic():
        return record(ThingNoted(text=text), subject=thing, actor=SYSTEM, occurred_at=occurred_at)


def move(thing: Thing, to: str) -> Entry:
    """Record a move in a transaction of its own."""
    with transaction.atomic():
        return record(ThingMoved(to=to), subject=thing, actor=SYSTEM)


def note_in(other: psycopg.Connection[Any], thing: Thing = LAMP) -> int:
    """Record a note in the open transaction of another connection; gives its id."""
    row = other.execute(
        "INSERT INTO journal_entry (subject_type, subject_id, kind, occurred_at, recorded_at, actor_kind, actor_name, "
        "data) VALUES ('thing', %s, 'thing.noted', now(), now(), 'system', 'Fieldloop', '{}') RETURNING id",
        [thing.pk],
    ).fetchone()
    assert row is not None
    return int(row[0])
