"""Puts one subject's events in order and says when each took effect; what had to be moved is listed, never dropped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rnd.cycles.clock.events import Event

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Timed(Generic[E]):
    """An event and the microsecond at which it counts."""

    at: int
    event: E


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry whose claimed time could not stand. `field` is "seen_at" where that was the claim in question."""

    entry_id: int
    claimed: int
    effective: int
    field: str = "occurred_at"

    @property
    def by(self) -> int:
        """Microseconds; negative: counted earlier than claimed (the clock was fast), positive: later."""
        return self.effective - self.claimed


def timeline(events: Iterable[E], *, birth: type[E]) -> list[Timed[E]]:
    """Order the events of one subject and give each its effective time.

    The order is (claimed, recorded, id), where claimed = min(occurred, recorded); the first event of type `birth`
    (the ticket's receipt, the task's opening) stands before all others, because nothing can happen to what is
    not there yet. The effective time is the running maximum of the claims in that order.
    """
    ordered = sorted(events, key=lambda event: event.order)
    for index, event in enumerate(ordered):
        if isinstance(event, birth):
            ordered.insert(0, ordered.pop(index))
            break
    timed: list[Timed[E]] = []
    latest: int | None = None
    for event in ordered:
        latest = event.claimed if latest is None else max(latest, event.claimed)
        timed.append(Timed(latest, event))
    return timed


def moved(timed: Sequence[Timed[E]]) -> list[Moved]:
    """Give the entries that do not count at the time they claim."""
    return [Moved(t.event.id, t.event.occurred, t.at) for t in timed if t.at != t.event.occurred]
