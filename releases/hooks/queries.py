"""What the page of a repository's webhook reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from releases.hooks.models import HookDelivery
from releases.hooks.secrets import live_rows
from releases.models import Repository

DELIVERIES_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class HookState:
    """A repository's webhook: since when its secret counts, until when the one before, and what came lately."""

    made_at: datetime | None
    old_until: datetime | None
    deliveries: list[HookDelivery]

    @property
    def last(self) -> HookDelivery | None:
        """The newest delivery."""
        return self.deliveries[0] if self.deliveries else None


def state_of(repository: Repository) -> HookState:
    """Give the state; two queries."""
    rows = live_rows(repository)
    return HookState(
        made_at=next((row.made_at for row in rows if row.expires_at is None), None),
        old_until=next((row.expires_at for row in rows if row.expires_at is not None), None),
        deliveries=list(HookDelivery.objects.filter(repository=repository).order_by("-pk")[:DELIVERIES_SHOWN]),
    )
