"""Take in what came back from the front: installations, and verdicts for whoever knows tickets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.errors import DomainError, Invalid
from foundation.kit.transactions import lock
from releases.artifacts.faults import Fault
from releases.bundles import receipts
from releases.bundles.models import Receipt
from releases.bundles.receipts import Line
from releases.bundles.sentences import refusal_of, sentence_of
from releases.bundles.settling import place_of, settle, team_of

Progress = Callable[[int, int], None]
_LONGEST_SOURCE: Final = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: its receipts in order, and which of them had come before."""

    receipts: list[Receipt]
    known: frozenset[int]

    def count(self, state: str) -> int:
        """Give how many are in this state."""
        return sum(receipt.state == state for receipt in self.receipts)

    @property
    def refused(self) -> list[Receipt]:
        """Those that could not be taken in."""
        return [receipt for receipt in self.receipts if receipt.state == Receipt.State.REFUSED]


def take_receipts(
    *, actor: Actor, content: bytes, source: str = "", progress: Progress = lambda _done, _all: None
) -> Taken:
    """Take every line in, each in a transaction of its own; a line that is refused is kept with its reason.

    The same line again changes nothing, unless it was refused or waits: then it is tried again. Raises Forbidden;
    Invalid `receipts.…` for what is no file of receipts at all.
    """
    actor.require("receipts.take")
    try:
        lines = receipts.read(content)
    except Fault as fault:
        raise refusal_of(fault) from fault
    taken: list[Receipt] = []
    known: set[int] = set()
    for number, line in enumerate(lines, start=1):
        receipt, before = _take(actor, line, source[-_LONGEST_SOURCE:])
        if receipt.pk not in {one.pk for one in taken}:
            taken.append(receipt)
            if before:
                known.add(receipt.pk)
        progress(number, len(lines))
    return Taken(taken, frozenset(known))


@transaction.atomic
def _take(actor: Actor, line: Line, source: str) -> tuple[Receipt, bool]:
    digest = hashlib.sha256(line.raw.strip().encode()).hexdigest()
    lock(f"bundles.receipt:{digest}")
    there = Receipt.objects.select_for_update(of=("self",)).filter(digest=digest).first()
    if there is not None and not _worth_another_try(there):
        return there, True
    was_kept = there is not None and there.state == Receipt.State.KEPT
    receipt = there or Receipt(digest=digest, raw=line.raw)
    receipt.source, receipt.number = source, line.number
    receipt.taken_by_id, receipt.taken_at = actor.user_id, clock.now()
    receipt.error = ""
    try:
        with transaction.atomic():
            same = _read(actor, receipt, line)
            if same is not None:
                return same, True
    except (DomainError, Fault) as error:
        # Its words are kept, and nothing else of it.
        receipt.pk = there.pk if there is not None else None
        receipt.state = Receipt.State.REFUSED
        receipt.verdict_state = Receipt.VerdictState.NONE
        receipt.installation = None
        receipt.error = sentence_of(error) if isinstance(error, Fault) else error.message
        receipt.save()
    return receipt, was_kept and receipt.state == Receipt.State.KEPT


def _worth_another_try(receipt: Receipt) -> bool:
    return receipt.state != Receipt.State.TAKEN or receipt.verdict_state == Receipt.VerdictState.REFUSED


def _read(actor: Actor, receipt: Receipt, line: Line) -> Receipt | None:
    """Fill the receipt in from its line and settle it; gives another one if that is the same in other words."""
    receipt.team = team_of(actor, line)
    place = place_of(actor, line, receipt.team)
    told = receipts.parse(line, receipts.zone_of(place.component.programme.time_zone))
    receipt.client_uuid = told.client_uuid
    receipt.installed_at, receipt.tested_at = told.installed_at, told.tested_at
    receipt.ticket, receipt.verdict, receipt.note = told.ticket[:40], told.verdict, told.note
    lock(f"bundles.receipt:{told.client_uuid}")
    others = Receipt.objects.filter(client_uuid=told.client_uuid).exclude(state=Receipt.State.REFUSED)
    other = others.exclude(pk=receipt.pk).first()
    if other is not None:
        if _says(other) == _says(receipt):
            return other
        raise Invalid(
            "receipt.uuid_taken",
            _("Another receipt came in under %(uuid)s. Every receipt needs a UUID of its own.")
            % {"uuid": told.client_uuid},
        )
    settle(actor, receipt, told, place)
    return None


def _says(receipt: Receipt) -> tuple[object, ...]:
    return (
        receipt.team_id,
        receipt.installed_at,
        receipt.tested_at,
        receipt.ticket,
        receipt.verdict,
        receipt.note,
    )
