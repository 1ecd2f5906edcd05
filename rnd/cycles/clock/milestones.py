"""What a ticket's own milestones say, from its receipt on: the stage it waits in, its pass, how it was closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rnd.cycles.clock.events import (
    Accepted,
    Closed,
    FixInstalled,
    FixOffered,
    Merged,
    Rejected,
    Reopened,
    TicketEvent,
    VerdictGiven,
)
from rnd.cycles.clock.stages import Stage
from rnd.cycles.clock.timeline import Timed

FIXED: Final = "fixed"
NEXT_PASS: Final = frozenset({"not_fixed", "worse"})


@dataclass(frozen=True, slots=True)
class Closing:
    """The decision that closed a ticket: at what moment, with which outcome, and whether a verdict took it."""

    at: int
    outcome: str
    by_verdict: bool = False
    release: int | None = None  # the one that the verdict is about

    @property
    def stage(self) -> Stage:
        """The stage that the time behind this decision belongs to once it is revoked."""
        return Stage.VERIFY if self.by_verdict else Stage.TRIAGE


@dataclass(frozen=True, slots=True)
class Phase:
    """The ticket's own state from `since` until the next phase begins. `began` is when its pass did.

    A merged ticket goes on like an accepted one: it keeps its own offers, installations and verdict.
    """

    since: int
    number: int
    began: int
    received: bool = False
    accepted: bool = False
    offered: bool = False
    installed: bool = False
    merged: bool = False
    closing: Closing | None = None

    def stage(self, *, done: bool) -> Stage:
        """The stage while no linked task is open; `done` says whether one was done in this pass."""
        if self.closing:
            return self.closing.stage
        if not self.received:
            return Stage.TRANSIT
        if not self.accepted:
            return Stage.TRIAGE
        if self.installed:
            return Stage.VERIFY
        if self.offered:
            return Stage.INSTALL
        return Stage.RELEASE if done else Stage.QUEUE


def phases(timed: Sequence[Timed[TicketEvent]], *, start: int) -> list[Phase]:
    """Give the phases of one ticket in order, the first from `start`; some may last no time at all."""
    found = [Phase(since=start, number=1, began=start)]
    for item in timed:
        after = _after(found[-1], item.event, item.at)
        if after != found[-1]:
            found.append(replace(after, since=item.at))
    return found


def _after(phase: Phase, event: TicketEvent, at: int) -> Phase:
    match event:
        case Rejected():
            return _closed(phase, Closing(at, "rejected"))
        case Closed(outcome=outcome):
            return _closed(phase, Closing(at, outcome))
        case Reopened():
            return _reopened(phase, at)
        case VerdictGiven():
            return _judged(phase, event, at)
    return _reached(phase, event)


def _reached(phase: Phase, event: TicketEvent) -> Phase:
    """A later milestone implies the earlier ones: what is installed was offered, and what is offered was accepted."""
    return replace(
        phase,
        received=True,
        accepted=phase.accepted or isinstance(event, Accepted | Merged | FixOffered | FixInstalled),
        offered=phase.offered or isinstance(event, FixOffered | FixInstalled),
        installed=phase.installed or isinstance(event, FixInstalled),
        merged=phase.merged or isinstance(event, Merged),
    )


def _closed(phase: Phase, closing: Closing) -> Phase:
    """What is closed already stays closed as it was: the first decision holds until it is revoked."""
    return phase if phase.closing else replace(phase, closing=closing)


def _reopened(phase: Phase, at: int) -> Phase:
    """Revoking a verdict starts the next pass; revoking another decision, or a merge, asks for that decision again."""
    alone = replace(phase, merged=False)
    if phase.closing and phase.closing.by_verdict:
        return _next_pass(alone, at)
    return replace(alone, accepted=False, closing=None) if phase.closing or phase.merged else phase


def _judged(phase: Phase, verdict: VerdictGiven, at: int) -> Phase:
    """A verdict outranks any other closing: it ends the loop or starts its next pass, open or not."""
    if verdict.outcome in NEXT_PASS:
        return _next_pass(phase, at)
    if verdict.outcome == FIXED and not (phase.closing and phase.closing.by_verdict):
        return replace(phase, closing=Closing(at, FIXED, by_verdict=True, release=verdict.release))
    return phase


def _next_pass(phase: Phase, at: int) -> Phase:
    return Phase(since=at, number=phase.number + 1, began=at, received=True, accepted=phase.merged, merged=phase.merged)
