"""What the flow model says, and what it would have said of the past quarters in which its levers really moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from foundation.kit import vocabulary
from tests.cycles.slow.answer import Known, Part
from tests.cycles.slow.chances import WINDOW, held
from tests.cycles.slow.engineering import WORK, tasks_of
from tests.cycles.slow.figures import half_up, share
from tests.cycles.slow.flow import wip_on
from tests.cycles.slow.life import Life
from tests.cycles.slow.plain import DAY, STAGES

WEEKS = 13
ASSUMES = {
    "half": "as much comes in as goes out, in the long run; as many loops finish as now; nobody runs out of work",
    "more": "as much comes in as goes out, in the long run; work by engineers is what limits the flow; as much is in "
    "progress as now; a new engineer works as quickly as the others",
    "stage": "the means of the stages add up to the mean of the loop; all other stages take as long as now; as many "
    "tickets come in as now",
}


def stage_name(stage: str) -> str:
    return str(vocabulary.word("stage", stage).label)


def at_work(known: Known, since: date) -> int:
    """How many people have a task in work, or one done on this day or later, by what was told of it last."""
    who = set()
    for task in tasks_of(known):
        told = known.world.of_task[task]
        moves = [entry for entry in told if entry.kind == "task.moved"]
        given = [entry.data["assignee_id"] for entry in told if entry.kind == "task.assigned"]
        stage = moves[-1].data["to_stage"] if moves else "queue"
        if stage in WORK or (stage == "done" and known.asked.day(moves[-1].claimed) >= since):
            who.update(given[-1:])
    return len(who - {None})


def what_if(known: Known, given: int | None) -> Part:
    yesterday = known.asked.today(known.world) - timedelta(days=1)
    recent = known.but(since=yesterday - timedelta(days=WINDOW - 1), until=yesterday).finished
    rate, wip = Fraction(len(recent), WINDOW), len(known.open)
    verdicts = hindsight(known)
    engineers = at_work(known, yesterday - timedelta(days=WINDOW - 1)) if given is None else given
    rows: list[list[Any]] = []

    def answer_is(what: str, key: str, before: Fraction, after: Fraction, faster: Fraction, assumes: str) -> None:
        hits, n = verdict(verdicts, key)
        rows.append(
            [what, key if key in STAGES else None, half_up(before), half_up(after), half_up(before - after),
             rate * 7, faster * 7, share(hits, n), hits, n, ASSUMES[assumes]]
        )  # fmt: skip

    if recent:
        little, mean = wip / rate * DAY, Fraction(sum(life.total for life in recent), len(recent))
        if wip > 1:
            answer_is("Half the work in progress", "wip", little, ceil(Fraction(wip, 2)) / rate * DAY, rate, "half")
        if wip and engineers:
            grown = rate * Fraction(engineers + 1, engineers)
            answer_is(f"One more engineer beside {engineers}", "throughput", little, wip / grown * DAY, grown, "more")
        for stage in STAGES:
            spent = Fraction(sum(life.in_stage(stage) for life in recent), len(recent))
            answer_is(f"{stage_name(stage)} twice as fast", stage, mean, mean - spent / 2, rate, "stage")
    hits, n = verdict(verdicts, "nothing")
    return Part(
        figures={"wip": (wip, None), "throughput": (rate * 7, None), "model_held": (share(hits, n), n)},
        columns=[
            "what", "stage", "before", "after", "saved", "rate_before", "rate_after", "hit_rate", "hits", "trials",
            "assumes",
        ],
        rows=rows,
        says=[held(hits, n), said(bool(recent), wip, given, engineers)],
    )  # fmt: skip


def said(recent: bool, wip: int, given: int | None, engineers: int) -> str:
    """What is said, with a number in it, of answers that are not there or rest on our own count of engineers."""
    if not recent:
        return "Nothing finished in the last 90 days, so the flow model says nothing."
    if wip and not engineers:
        return (
            "No task that you may see has had an engineer in the last 90 days: fill in “Engineers now” "
            "to ask for one more."
        )
    if wip and given is None:
        return (
            f"Taken as the engineers now: {engineers} who {'has' if engineers == 1 else 'have'} a task in work or "
            "finished one in the last 90 days. Fill in “Engineers now” to ask with another number."
        )
    return ""


@dataclass(frozen=True)
class Verdict:
    """What the model says of a past quarter in which its lever really moved, beside the mean loop that came."""

    key: str
    made: date
    changed: Fraction
    predicted: Fraction
    realised: Fraction

    @property
    def hit(self) -> bool:
        return abs(self.realised - self.predicted) <= self.predicted / 4


def verdict(some: Sequence[Verdict], key: str) -> tuple[int, int]:
    found = [one for one in some if one.key == key]
    return sum(one.hit for one in found), len(found)


def hindsight(known: Known) -> list[Verdict]:
    """At the end of each past week: 13 whole weeks before it, and the 13 whole weeks after it."""
    always = known.but(since=None, until=None)
    yesterday = known.asked.today(known.world) - timedelta(days=1)
    done = always.finished
    if not done:
        return []
    first = min(known.day(life) for life in done)
    monday = first - timedelta(days=first.weekday())
    found = []
    made = monday + timedelta(days=7 * WEEKS - 1)
    while made + timedelta(days=7 * WEEKS) <= yesterday:
        before = between(always, done, made - timedelta(days=7 * WEEKS - 1), made)
        ends = made + timedelta(days=7 * WEEKS)
        after = between(always, done, made + timedelta(days=1), ends)
        if before and after:
            found += judged(always, made, ends, before, after)
        made += timedelta(days=7)
    return found


def between(known: Known, done: Sequence[Life], first: date, last: date) -> list[Life]:
    return [life for life in done if first <= known.day(life) <= last]


def judged(known: Known, made: date, ends: date, before: Sequence[Life], after: Sequence[Life]) -> list[Verdict]:
    days = Fraction(7 * WEEKS)
    wip, wip_after = wip_on(known, made), wip_on(known, ends)
    rate, rate_after = len(before) / days, len(after) / days
    mean_before = Fraction(sum(life.total for life in before), len(before))
    came_out = Fraction(sum(life.total for life in after), len(after))
    found = []
    if wip:
        found.append(Verdict("nothing", made, Fraction(1), wip / rate * DAY, came_out))
        # A lever moved where it changed by a tenth or more.
        if 0 < wip_after <= wip * Fraction(9, 10):
            found.append(Verdict("wip", made, Fraction(wip_after, wip), wip_after / rate * DAY, came_out))
        if rate_after >= rate * Fraction(11, 10):
            found.append(Verdict("throughput", made, rate_after / rate, wip / rate_after * DAY, came_out))
    for stage in STAGES:
        spent = Fraction(sum(life.in_stage(stage) for life in before), len(before))
        then = Fraction(sum(life.in_stage(stage) for life in after), len(after))
        if spent and then <= spent * Fraction(9, 10):
            found.append(Verdict(stage, made, then / spent, mean_before - spent + then, came_out))
    return found
