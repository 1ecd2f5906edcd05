"""The work on tasks: each task's state at every moment at which anything happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.cycles.slow.answer import PERCENTILES, Answer, Known, Part
from tests.cycles.slow.figures import mean, percentiles
from tests.cycles.slow.plain import MODES, Asked, Entry
from tests.cycles.slow.rules import Line, assigned, blocked, entered, line, stage_of

KINDS = {f"task.{name}" for name in ("opened", "assigned", "moved", "blocked", "unblocked")}
WORK = ["design", "build", "test"]
OPEN = ["queue", *WORK]
# So many tasks a row names at most.
NAMED = 60


@dataclass(frozen=True)
class Stretch:
    """A part of a task's life in which nothing changes. Team None: nobody's; reason None: not blocked."""

    task: int
    since: int
    until: int
    stage: str
    team: int | None
    assigned: bool
    reason: str | None

    def length(self, since: int, until: int) -> int:
        return max(0, min(self.until, until) - max(self.since, since))

    @property
    def mode(self) -> str:
        if self.reason is not None:
            return "blocked"
        return "active" if self.assigned else "waiting"


def team_of(past: Sequence[Entry]) -> int | None:
    """The team of the last entry that says so."""
    said = [entry.data["team_id"] for entry in past if entry.kind in ("task.opened", "task.assigned")]
    return said[-1] if said else None


def reason_of(past: Sequence[Entry]) -> str | None:
    return [str(entry.data["reason"]) for entry in past if entry.kind == "task.blocked"][-1] if blocked(past) else None


def stretches(task: int, told: Line, forever: int) -> list[Stretch]:
    """One for each moment at which anything happened, up to the next one."""
    found = []
    for since, until in pairwise([*sorted(set(told.times)), forever]):
        past = told.until(since)
        found.append(Stretch(task, since, until, stage_of(past), team_of(past), assigned(past), reason_of(past)))
    return found


def tasks_of(known: Known) -> list[int]:
    world, asked = known.world, known.asked
    found = []
    for task, entries in sorted(world.of_task.items()):
        component = world.components[next(e for e in entries if e.kind == "task.opened").data["component_id"]]
        programme = world.programmes[component.of]
        if asked.programme not in ("", programme.slug) or asked.component not in ("", component.slug):
            continue
        if asked.of_tickets:
            # Those that are linked to tickets which the filters let through, whatever their component and period.
            tickets = {life.ticket for life in known.but(component="", since=None, until=None).fitting}
            if not any((task, ticket) in world.links for ticket in tickets):
                continue
        found.append(task)
    return found


def ends(known: Known, asked: Asked) -> tuple[int, int]:
    since = 0 if asked.since is None else asked.begins(asked.since)
    until = known.world.now
    if asked.until is not None:
        from datetime import timedelta

        until = min(until, asked.begins(asked.until + timedelta(days=1)))
    return since, until


def answer(known: Known) -> Answer:
    since, until = ends(known, known.asked)
    tasks = tasks_of(known)
    lines = {task: line(known.world.of_task[task], KINDS, "task.opened") for task in tasks}
    every = {task: stretches(task, lines[task], known.world.now) for task in tasks}
    done = [
        task for task in tasks
        if stage_of(lines[task].entries) == "done" and since <= entered(lines[task], lines[task].entries) < until
    ]  # fmt: skip
    parts = by_team(known, {task: every[task] for task in done}, until)
    parts["teams"].figures = {"tasks": (len(tasks), None)}
    parts["hand_overs"] = hand_overs(known, every, since, until)
    parts["blocked"] = by_reason([one for some in every.values() for one in some], since, until)
    counts = [
        row[place] for part, place in (("teams", 1), ("hand_overs", 2), ("blocked", 2)) for row in parts[part].rows
    ]
    if any(count > NAMED for count in counts):
        parts["teams"].says = [f"Each row names its first {NAMED} tasks; n is the count of all of them."]
    return Answer(len(tasks), parts)


def name(known: Known, team: int | None) -> str:
    return "no team" if team is None else known.world.teams[team].name


def by_team(known: Known, done: dict[int, list[Stretch]], until: int) -> dict[str, Part]:
    at_work = [one for some in done.values() for one in some if one.stage in WORK and one.length(0, until)]
    teams = sorted({one.team for one in at_work}, key=lambda team: team or 0)
    rows, stage_rows = [], []
    for team in teams:
        here = [one for one in at_work if one.team == team]
        tasks = sorted({one.task for one in here})
        means: list[Any] = []
        for stage in WORK:
            some = [one for one in here if one.stage == stage]
            in_it = sorted({one.task for one in some})
            times = [sum(one.length(0, until) for one in some if one.task == task) for task in in_it]
            means.append(mean(times))
            modes = [sum(one.length(0, until) for one in some if one.mode == mode) for mode in MODES]
            if times:
                stage_rows.append(
                    [
                        name(known, team),
                        stage,
                        len(times),
                        *percentiles(times),
                        *modes,
                        sum(times),
                        tuple(in_it[:NAMED]),
                    ]
                )
        rows.append([name(known, team), len(tasks), *means, tuple(tasks[:NAMED])])
    return {
        "teams": Part(columns=["team", "n", *WORK, "tasks"], rows=rows),
        "team_stages": Part(columns=["team", "stage", "n", *PERCENTILES, *MODES, "sum_us", "tasks"], rows=stage_rows),
    }


def hand_overs(known: Known, every: dict[int, list[Stretch]], since: int, until: int) -> Part:
    """From the moment a task goes to another team until somebody there has it; one that goes on is not taken."""
    found: dict[tuple[int, int], list[tuple[int, int | None]]] = {}
    for task, some in every.items():
        held = [(place, one) for place, one in enumerate(some) if one.team is not None]
        for (_, before), (place, after) in pairwise(held):
            if before.team == after.team or not since <= after.since < until:
                continue
            assert before.team is not None
            assert after.team is not None
            waited = None
            for one in some[place:]:
                if one.team is not None and one.team != after.team:
                    break
                if one.assigned:
                    waited = one.since - after.since
                    break
            found.setdefault((before.team, after.team), []).append((task, waited))
    waits = {pair: [waited for _task, waited in some if waited is not None] for pair, some in found.items()}
    rows = [
        [
            name(known, giver), name(known, taker), len(found[giver, taker]), sum(waits[giver, taker]),
            mean(waits[giver, taker]), *percentiles(waits[giver, taker]),
            len(found[giver, taker]) - len(waits[giver, taker]),
            tuple(sorted({task for task, _waited in found[giver, taker]})[:NAMED]),
        ]
        for giver, taker in sorted(found, key=lambda pair: (-sum(waits[pair]), pair))
    ]  # fmt: skip
    return Part(
        figures={
            "hand_overs": (sum(len(some) for some in found.values()), None),
            "not_taken": (sum(row[-2] for row in rows), None),
        },
        columns=["giver", "taker", "n", "wait", "mean", *PERCENTILES, "not_taken", "tasks"],
        rows=rows,
    )


def by_reason(every: Sequence[Stretch], since: int, until: int) -> Part:
    found: dict[str, list[Stretch]] = {}
    for one in every:
        if one.reason is not None and one.stage in OPEN and one.length(since, until):
            found.setdefault(one.reason, []).append(one)
    sums = {reason: sum(one.length(since, until) for one in some) for reason, some in found.items()}
    rows = []
    for reason in sorted(found, key=lambda reason: (-sums[reason], reason)):
        tasks = sorted({one.task for one in found[reason]})
        rows.append([reason or "no reason given", sums[reason], len(tasks), tuple(tasks[:NAMED])])
    return Part(columns=["reason", "sum_us", "n", "tasks"], rows=rows)
