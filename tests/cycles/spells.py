"""A task's spells: the intervals in which its stage, team, assignment and block stay as they are. Without Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from rnd.cycles.clock.stages import TASK_STAGES, WORK, Mode, Stage


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a task. Moments are integer microseconds since 1970."""

    id: int
    kind: str
    occurred: int
    recorded: int
    data: Mapping[str, Any]

    @property
    def claimed(self) -> int:
        return min(self.occurred, self.recorded)


@dataclass(frozen=True, slots=True)
class Spell:
    """[since, until) of one task; `until` is None for the last one of a task, which goes on."""

    task: int
    since: int
    until: int | None
    stage: str  # as the journal names it: queue, design, build, test, done or cancelled
    team: int | None
    assigned: bool
    blocked: str | None  # the reason, which may be empty

    @property
    def open(self) -> Stage | None:
        return TASK_STAGES.get(self.stage)

    @property
    def mode(self) -> Mode:
        """The same rule as the clock's, for one task alone."""
        if self.blocked is not None:
            return Mode.BLOCKED
        return Mode.ACTIVE if self.open in WORK and self.assigned else Mode.WAITING

    def length(self, *, since: int, until: int) -> int:
        """Give the part of it that lies in [since, until), in microseconds."""
        end = until if self.until is None else min(self.until, until)
        return max(0, end - max(self.since, since))


@dataclass(frozen=True, slots=True)
class HandOver:
    """A task went from one team to another. `waited` until somebody there had it; None: nobody has yet."""

    task: int
    at: int
    giver: int
    taker: int
    waited: int | None


_OPENED: Final = "task.opened"


def spells_of(task: int, told: Iterable[Told]) -> list[Spell]:
    """Give the spells of one task in order, none of them empty. Order and effective times are those of the clock."""
    ordered = sorted(told, key=lambda entry: (entry.claimed, entry.recorded, entry.id))
    births = [entry for entry in ordered if entry.kind == _OPENED][:1]
    ordered = births + [entry for entry in ordered if entry not in births]
    found: list[Spell] = []
    latest: int | None = None
    for entry in ordered:
        latest = entry.claimed if latest is None else max(latest, entry.claimed)
        before = found[-1] if found else Spell(task, latest, None, "queue", None, assigned=False, blocked=None)
        after = _after(before, entry)
        if found and after == before:
            continue
        if found:
            found[-1] = replace(before, until=latest)
        found.append(replace(after, since=latest, until=None))
    return [spell for spell in found if spell.until is None or spell.since < spell.until]


def _after(spell: Spell, entry: Told) -> Spell:
    match entry.kind:
        case "task.opened":
            return replace(spell, team=entry.data.get("team_id"))
        case "task.assigned":
            someone = entry.data.get("assignee_id") is not None
            return replace(spell, team=entry.data.get("team_id"), assigned=someone)
        case "task.moved":
            return replace(spell, stage=entry.data["to_stage"])
        case "task.blocked":
            return replace(spell, blocked=entry.data.get("reason", ""))
        case "task.unblocked":
            return replace(spell, blocked=None)
    return spell


def done_at(spells: Sequence[Spell]) -> int | None:
    """Give when one task became done, from its spells in order; None where it is not.

    What is said of it afterwards (another team, a block) does not make it done anew.
    """
    at = None
    for spell in reversed(spells):
        if spell.stage != "done":
            break
        at = spell.since
    return at


def hand_overs(spells: Iterable[Spell]) -> list[HandOver]:
    """Give the hand-overs of one task from its spells in order."""
    found: list[HandOver] = []
    holder: int | None = None
    waiting = False
    for spell in spells:
        if spell.team is not None and holder is not None and spell.team != holder:
            found.append(HandOver(spell.task, spell.since, holder, spell.team, None))
            waiting = True
        if spell.team is not None:
            holder = spell.team
        if waiting and spell.assigned:
            found[-1] = replace(found[-1], waited=spell.since - found[-1].at)
            waiting = False
    return found
