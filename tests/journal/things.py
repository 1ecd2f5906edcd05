"""A subject, kinds and a helper for tests of the journal: it knows no ticket, so neither do its tests."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal import record
from foundation.journal.kinds import Payload
from foundation.journal.models import Entry


class ThingNoted(Payload, kind="thing.noted"):
    text: str = ""
    number: int = 0


class ThingMoved(Payload, kind="thing.moved"):
    to: str


@dataclass(frozen=True)
class Thing:
    pk: int
    journal_type: ClassVar[str] = "thing"


LAMP, RADIO, ROTOR = Thing(1), Thing(2), Thing(3)


def note(thing: Thing = LAMP, text: str = "", *, occurred_at: datetime | None = None, number: int = 0) -> Entry:
    """Record a note in a transaction of its own."""
    with transaction.atomic():
        return record(ThingNoted(text=text, number=number), subject=thing, actor=SYSTEM, occurred_at=occurred_at)
