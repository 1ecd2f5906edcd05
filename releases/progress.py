"""How far a fetch is, told in a row that any process can read, and at most once a second.

A fetch that is over sooner than anybody would look leaves no row at all.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final, Protocol

from foundation.kit import clock
from releases.models import FetchProgress, Repository

EVERY: Final = 1.0
SOONEST: Final = 0.5


class Progress(Protocol):
    """Told a step ("mirror", "commits", "releases"), what is done of it, and of how much (0: nobody knows)."""

    def __call__(self, step: str, done: int, total: int = 0, /) -> None: ...


class Noted:
    """Notes progress for the page and passes it on; to be used outside of transactions."""

    def __init__(self, repository: Repository, also: Progress | None = None) -> None:
        self._repository = repository
        self._also = also
        self._step = ""
        self._began = time.monotonic()
        self._noted = 0.0

    def __call__(self, step: str, done: int, total: int = 0, /) -> None:
        """Note it, if the fetch is not new and this is another step or a second later."""
        if self._also is not None:
            self._also(step, done, total)
        now = time.monotonic()
        if now - self._began < SOONEST or (step == self._step and now - self._noted < EVERY):
            return
        moment = clock.now()
        began = moment - timedelta(seconds=now - self._began)
        self._step, self._noted = step, now
        FetchProgress.objects.update_or_create(
            repository=self._repository,
            defaults={"step": step, "done": done, "total": total, "at": moment},
            create_defaults={"step": step, "done": done, "total": total, "at": moment, "began_at": began},
        )

    def over(self) -> None:
        """Take the note away: the fetch has ended, well or not."""
        FetchProgress.objects.filter(repository=self._repository).delete()
