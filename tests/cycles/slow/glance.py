"""The loop at a glance, and the percentiles over time that another page shows too."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tests.cycles.slow.answer import PERCENTILES, Answer, Known, Part, headline
from tests.cycles.slow.figures import (
    P50,
    bounds,
    day_name,
    last_of,
    mean,
    percentile,
    percentiles,
    period_name,
    periods,
    share,
)
from tests.cycles.slow.life import lengths
from tests.cycles.slow.plain import STAGES, Case


def answer(known: Known) -> Answer:
    done = known.finished
    totals = [life.total for life in done]
    marked = [life for life in done if life.recorded]
    figures, says = headline(totals)
    figures |= {
        "n": (len(done), None),
        "mean": (mean(totals), len(done)),
        "first_time_rate": (share(sum(life.passes == 1 for life in done), len(done)), len(done)),
        "flow_efficiency": (
            share(sum(life.spent(mode="active") for life in marked), sum(life.total for life in marked)),
            len(marked),
        ),
    }
    parts = {"headline": Part(figures, says=says), "trend": trend(known)}
    if (held := baseline(known)) is not None:
        first, last, before = held
        now = [totals, *(lengths(done, stage) for stage in STAGES)]
        rows = [compressed(*sides) for sides in zip(before, now, strict=True)]
        figures["compression"] = (rows[0][4], len(totals))
        says.append(
            f"Compression is the median of the baseline ({day_name(first)} to {day_name(last)}) divided by the median "
            "of these loops."
        )
        says.extend(compression_says(rows[0]))
        parts["compression"] = Part(
            columns=["stage", "before_n", "before", "now_n", "now", "ratio", "low", "high"],
            rows=[[stage, *row] for stage, row in zip(STAGES, rows[1:], strict=True)],
            foot=["Loop", *rows[0]],
        )
    firsts = [life.first_finish - life.start for life in done if life.first_finish is not None]
    parts["first_finish"] = Part(
        columns=["clock", "n", *PERCENTILES],
        rows=[
            ["to the last finish", len(totals), *percentiles(totals)],
            ["to the first finish", len(firsts), *percentiles(firsts)],
        ],
        says=known.left_out_says(),
    )
    return Answer(len(done), parts)


def baseline(known: Known) -> tuple[Any, Any, list[list[int]]] | None:
    """Its days, and the lengths in it: of the loop, then of each stage."""
    world = known.world
    programme = next((one for one in world.programmes.values() if one.slug == known.asked.programme), None)
    held = [one for one in world.baselines if programme is not None and one[0] == programme.pk]
    if programme is None or not held:
        return None
    _, first, last, source = held[-1]
    if not source:
        then = known.but(since=first, until=last).finished
        return first, last, [[life.total for life in then], *(lengths(then, stage) for stage in STAGES)]
    days = known.but(since=first, until=last, zone=programme.zone).asked
    cases: list[Case] = [
        case
        for case in world.cases
        if (case.programme, case.source) == (programme.pk, source)
        and case.finished is not None
        and days.inside(case.finished)
    ]
    return first, last, [
        [case.total for case in cases],
        *([length for case in cases if (length := case.stages[place]) is not None] for place in range(len(STAGES))),
    ]  # fmt: skip


def compressed(before: Sequence[int], now: Sequence[int]) -> list[Any]:
    """n and median of both sides, baseline median ÷ present median, and its bounds."""
    (low_before, high_before), (low_now, high_now) = bounds(before, P50), bounds(now, P50)
    medians = percentile(before, P50), percentile(now, P50)
    return [
        len(before), medians[0], len(now), medians[1],
        over(*medians), over(low_before, high_now), over(high_before, low_now),
    ]  # fmt: skip


def over(above: int | None, below: int | None) -> Fraction | None:
    return None if above is None or not below else Fraction(above, below)


def compression_says(row: Sequence[Any]) -> list[str]:
    n, ratio, low, high = row[0], *row[4:]
    if ratio is None:
        return []
    if low is None or high is None:
        return [f"baseline n = {n}; too few loops for an interval"]
    return [f"interval: {times(low)} to {times(high)}; baseline n = {n}"]


def times(ratio: Fraction) -> str:
    hundredths = (ratio * 100 + Fraction(1, 2)).__floor__()
    return f"{hundredths // 100}.{hundredths % 100:02d}\N{NO-BREAK SPACE}×"


def trend(known: Known) -> Part:
    by = known.asked.by
    if not by:
        months, quarters = (periods_of(known, name) for name in ("month", "quarter"))
        most_are_hidden = sum(n < 10 for n in months) * 2 > len(months)
        shown = len(quarters) > 1 and any(n >= 10 for n in quarters)
        by = "quarter" if most_are_hidden and shown else "month"
    return Part(columns=["period", "first", "last", "n", *PERCENTILES], rows=trend_rows(known, by))


def periods_of(known: Known, by: str) -> list[int]:
    """How many loops finished in each period."""
    return [n for _name, _first, _last, n, *_percentiles in trend_rows(known, by)]


def trend_rows(known: Known, by: str) -> list[list[Any]]:
    done, rows = known.finished, []
    for first in periods([known.day(life) for life in done], by):
        last = last_of(first, by)
        totals = [life.total for life in done if first <= known.day(life) <= last]
        rows.append([period_name(first, by), first, last, len(totals), *percentiles(totals)])
    return rows
