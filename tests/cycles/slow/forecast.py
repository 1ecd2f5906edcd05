"""Forecasts by adding up days one after the other, and the past of each: what was promised then, beside what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any

from foundation.kit import vocabulary
from tests.cycles.slow.answer import Answer, Known, Part
from tests.cycles.slow.figures import ALL, P50, P85, day_name, half_up, share
from tests.cycles.slow.flow import throughput, wip_on
from tests.cycles.slow.life import Life
from tests.cycles.slow.plain import DAY, STAGES

WINDOW, STEP, FOREVER = 90, 7, 4096
WEEKS = 13
Days = tuple[int, ...]
Ways = Mapping[int, int]


def add_day(ways: Ways, days: Days) -> dict[int, int]:
    """One day more, which is like any of `days`: in how many ways each count can come about."""
    found: dict[int, int] = {}
    for count, many in ways.items():
        for day in set(days):
            found[count + day] = found.get(count + day, 0) + many * days.count(day)
    return found


@cache
def chances(days: Days, n: int) -> list[tuple[int, int]]:
    """In how many ways n loops are finished after one day, two days, and so on, and of how many ways in all."""
    ways: Ways = {0: 1}  # those that have not come to n yet
    found: list[tuple[int, int]] = []
    while len(found) < FOREVER and (not found or not likely(found[-1], max(ALL))):
        ways = {count: many for count, many in add_day(ways, days).items() if count < n}
        whole = len(days) ** (len(found) + 1)
        found.append((whole - sum(ways.values()), whole))
    return found


def likely(chance: tuple[int, int], p: Fraction) -> bool:
    return chance[0] * p.denominator >= p.numerator * chance[1]


def days_needed(days: Days, n: int, p: Fraction) -> int | None:
    """The least number of days in which n loops finish with probability p."""
    if not any(days):
        return None
    return next((number for number, chance in enumerate(chances(days, n), start=1) if likely(chance, p)), None)


@cache
def distribution(days: Days, number: int) -> Ways:
    """In how many ways each count can come about in so many days."""
    ways: Ways = {0: 1}
    for _ in range(number):
        ways = add_day(ways, days)
    return ways


@cache
def count_within(days: Days, number: int, p: Fraction) -> int:
    """The largest count that is finished in so many days with probability p or more."""
    ways, whole = distribution(days, number), len(days) ** number
    count, at_least = 0, whole
    while at_least - ways.get(count, 0) >= p * whole:
        at_least -= ways.get(count, 0)
        count += 1
    return count


@dataclass(frozen=True)
class Trial:
    origin: int
    expected: int
    promised: int
    calibrated: bool
    realised: int | None


def came(history: Sequence[int], origin: int, n: int) -> int | None:
    """After how many days n loops had finished."""
    later = history[origin + 1 :]
    return next((number for number in range(1, len(later) + 1) if sum(later[:number]) >= n), None)


def stretched(trials: Sequence[Trial], expected: int, p: Fraction, today: int) -> int | None:
    """What the share p of past forecasts needed at most, of those whose outcome was known by then."""
    errors = sorted(
        Fraction(one.realised, one.expected)
        for one in trials
        if one.realised is not None and one.origin + one.realised <= today
    )
    if len(errors) < 10:
        return None
    return ceil(next(error for error in errors if sum(one <= error for one in errors) >= p * len(errors)) * expected)


def past(history: Sequence[int], n: int, p: Fraction) -> list[Trial]:
    """The forecast at the end of each past week, from the 90 days before it."""
    found: list[Trial] = []
    for origin in range(WINDOW - 1, len(history), STEP):
        days = tuple(history[origin - WINDOW + 1 : origin + 1])
        expected, raw = days_needed(days, n, P50), days_needed(days, n, p)
        if expected is None:
            continue
        better = stretched(found, expected, p, origin)
        promised = raw if better is None else better
        if promised is not None:
            found.append(Trial(origin, expected, promised, better is not None, came(history, origin, n)))
    return found


def held(hits: int, n: int) -> str:
    return f"{hits} of {n} past {'forecast' if n == 1 else 'forecasts'} held" if n else ""


def history_of(known: Known) -> tuple[date, list[int]]:
    yesterday = known.asked.today(known.world) - timedelta(days=1)
    return yesterday, throughput(known.but(since=None, until=yesterday))[1]


def wanted(known: Known, asked: Mapping[str, int]) -> int:
    return asked.get("n") or max(1, min(len(known.open), 1000))


def answer(known: Known, asked: Mapping[str, int]) -> Answer:
    yesterday, history = history_of(known)
    window = tuple(history[-WINDOW:])
    return Answer(
        sum(window),
        {
            "when": when(known, asked, yesterday, history),
            "how_many": how_many(asked.get("days", 30), yesterday, history),
            "what_if": what_if(known, asked.get("engineers", 1)),
        },
    )


def when(known: Known, asked: Mapping[str, int], yesterday: date, history: list[int]) -> Part:
    n, window = wanted(known, asked), tuple(history[-WINDOW:])
    rows, figures, says = [], {}, []
    for p in ALL:
        trials = past(history, n, p)
        decided = [one for one in trials if one.realised is not None]
        hits = sum(one.realised is not None and one.realised <= one.promised for one in decided)
        raw = days_needed(window, n, p) if window else None
        expected = days_needed(window, n, P50) if window else None
        better = None if expected is None else stretched(trials, expected, p, len(history) - 1)
        promised = raw if better is None else better
        day = None if promised is None else yesterday + timedelta(days=promised)
        how = "uncalibrated: too few past forecasts" if better is None else "calibrated by past forecasts"
        rows.append([p, day, promised, raw, how, share(hits, len(decided)), hits, len(decided)])
        figures[f"p{int(p * 100)}"] = (day, len(decided))
        says.append(held(hits, len(decided)))
    loops = "is the next 1 loop" if n == 1 else f"are the next {n} loops"
    says.append(f"When {loops} in the field and confirmed?")
    if not any(window):
        says.append("Nothing finished in the last 90 days, so nothing can be foretold.")
    columns = ["confidence", "day", "promised", "raw", "how", "hit_rate", "hits", "trials"]
    return Part(figures, columns, rows, says=says)


def how_many(days: int, yesterday: date, history: list[int]) -> Part:
    window = tuple(history[-WINDOW:])
    rows: list[list[Any]] = []
    for p in ALL:
        origins = range(WINDOW - 1, len(history) - days, STEP)
        hits = sum(
            sum(history[origin + 1 : origin + 1 + days])
            >= count_within(tuple(history[origin - WINDOW + 1 : origin + 1]), days, p)
            for origin in origins
        )
        count = count_within(window, days, p) if window else None
        rows.append([p, count, share(hits, len(origins)), hits, len(origins)])
    return Part(
        figures={"by_day": (rows[1][1], sum(window))},
        columns=["confidence", "count", "hit_rate", "hits", "trials"],
        rows=rows,
        says=[held(rows[1][3], rows[1][4]), f"How many by {day_name(yesterday + timedelta(days=days))}?"],
    )


# --- what if ----------------------------------------------------------------------------------------

ASSUMES = {
    "half": "as much comes in as goes out, in the long run; as many loops finish as now; nobody runs out of work",
    "more": "as much comes in as goes out, in the long run; work by engineers is what limits the flow; as much is in "
    "progress as now; a new engineer works as quickly as the others",
    "stage": "the means of the stages add up to the mean of the loop; all other stages take as long as now; as many "
    "tickets come in as now",
}


def stage_name(stage: str) -> str:
    return str(vocabulary.word("stage", stage).label)


def what_if(known: Known, engineers: int) -> Part:
    yesterday = known.asked.today(known.world) - timedelta(days=1)
    recent = known.but(since=yesterday - timedelta(days=WINDOW - 1), until=yesterday).finished
    rate, wip = Fraction(len(recent), WINDOW), len(known.open)
    verdicts = hindsight(known)
    rows: list[list[Any]] = []

    def answer_is(what: str, key: str, before: Fraction, after: Fraction, faster: Fraction, assumes: str) -> None:
        hits, n = verdict(verdicts, key)
        rows.append(
            [what, half_up(before), half_up(after), half_up(before - after), rate * 7, faster * 7,
             share(hits, n), hits, n, ASSUMES[assumes]]
        )  # fmt: skip

    if recent:
        little, mean = wip / rate * DAY, Fraction(sum(life.total for life in recent), len(recent))
        answer_is("Half the work in progress", "wip", little, ceil(Fraction(wip, 2)) / rate * DAY, rate, "half")
        grown = rate * Fraction(engineers + 1, engineers)
        answer_is(f"One more engineer beside {engineers}", "throughput", little, wip / grown * DAY, grown, "more")
        for stage in STAGES:
            spent = Fraction(sum(life.in_stage(stage) for life in recent), len(recent))
            answer_is(f"{stage_name(stage)} twice as fast", stage, mean, mean - spent / 2, rate, "stage")
    hits, n = verdict(verdicts, "nothing")
    return Part(
        figures={"wip": (wip, None), "throughput": (rate * 7, None), "model_held": (share(hits, n), n)},
        columns=[
            "what", "before", "after", "saved", "rate_before", "rate_after", "hit_rate", "hits", "trials", "assumes",
        ],
        rows=rows,
        says=[held(hits, n)] if recent else [
            held(hits, n), "Nothing finished in the last 90 days, so the flow model says nothing."
        ],
    )  # fmt: skip


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


NAMES = {"nothing": "Nothing changes", "wip": "Less work in progress", "throughput": "More finished a week"}


def answer_backtest(known: Known, asked: Mapping[str, int]) -> Answer:
    yesterday, history = history_of(known)
    n = wanted(known, asked)
    trials = past(history, n, P85)
    decided = [one for one in trials if one.realised is not None]
    hits = sum(one.realised is not None and one.realised <= one.promised for one in decided)
    even = sum(one.realised is not None and one.realised <= one.expected for one in decided)
    first = yesterday - timedelta(days=len(history) - 1)
    rows = []
    for one in trials:
        result = "not decided yet"
        if one.realised is not None:
            result = "held" if one.realised <= one.promised else "missed"
        rows.append(
            [first + timedelta(days=one.origin), one.expected * DAY, one.promised * DAY,
             None if one.realised is None else one.realised * DAY, "yes" if one.calibrated else "no", result]
        )  # fmt: skip
    loops = "1 loop" if n == 1 else f"{n} loops"
    verdicts = hindsight(known)
    return Answer(
        len(decided),
        {
            "backtest": Part(
                figures={
                    "hit_rate": (share(hits, len(decided)), len(decided)),
                    "promise": (P85, None),
                    "expected_p50": (share(even, len(decided)), len(decided)),
                },
                columns=["made", "expected", "promised", "realised", "calibrated", "held"],
                rows=rows,
                says=[held(hits, len(decided)), f"Past forecasts of {loops}, made with 85 %"],
            ),
            "what_if": Part(
                columns=["what", "made", "changed", "predicted", "realised", "held"],
                rows=[
                    [
                        NAMES.get(one.key) or f"{stage_name(one.key)} faster", one.made, one.changed,
                        half_up(one.predicted), half_up(one.realised), "held" if one.hit else "missed",
                    ]
                    for one in verdicts
                ],
            ),
        },
    )  # fmt: skip
