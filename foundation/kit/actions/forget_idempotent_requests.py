"""Remove stored answers that are too old for their requests to be sent again."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from foundation.kit import clock
from foundation.kit.models import IdempotentRequest

KEPT_FOR: Final = timedelta(days=30)  # a device may be without a connection for weeks
_CHUNK: Final = 5_000


def forget_idempotent_requests() -> int:
    """Delete in short transactions what is older than 30 days; give how many rows went."""
    total = 0
    while True:
        with transaction.atomic():
            old = IdempotentRequest.objects.filter(created_at__lte=clock.now() - KEPT_FOR)
            gone, _by_model = IdempotentRequest.objects.filter(pk__in=old.order_by("created_at")[:_CHUNK]).delete()
        total += gone
        if gone < _CHUNK:
            return total
