"""Put away what one was told about a rollout."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.kit import clock
from releases.rollouts.models import Telling


@transaction.atomic
def read_telling(*, actor: Actor, telling: Telling) -> Telling:
    """Mark it as read. It is one's own note, and no change that the journal tells of."""
    found = Telling.objects.select_for_update().get(pk=telling.pk, user=actor.user_id)
    if found.read_at is None:
        found.read_at = clock.now()
        found.save(update_fields=["read_at"])
    return found
