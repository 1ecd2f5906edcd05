"""Say what became of a verdict that a receipt brought."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from releases.bundles.kinds import VerdictSettled
from releases.bundles.models import Receipt


@transaction.atomic
def settle_verdict(*, actor: Actor, receipt: Receipt, error: str = "") -> Receipt:
    """Note that the verdict was taken in, or why it could not be. Only the house says so; twice is once."""
    actor.require("receipts.settle")
    found = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if found.verdict_state != Receipt.VerdictState.WAITING:
        return found
    found.verdict_state = Receipt.VerdictState.REFUSED if error else Receipt.VerdictState.TAKEN
    found.verdict_error = error
    found.save(update_fields=["verdict_state", "verdict_error"])
    record(VerdictSettled(ticket=found.ticket, error=error), subject=found, actor=actor, team_id=found.team_id)
    return found
