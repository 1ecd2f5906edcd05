"""Where the time goes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from tests.cycles.slow.answer import PERCENTILES, Answer, Known, Part
from tests.cycles.slow.figures import adding_up, last_of, mean, percentiles, period_name, periods, share
from tests.cycles.slow.life import Life, lengths
from tests.cycles.slow.plain import MODES, STAGES


def answer(known: Known) -> Answer:
    done = known.finished
    return Answer(
        len(done),
        {
            "split": split(known, done),
            "modes": Part(
                columns=["stage", *MODES],
                rows=[[stage, *(spent(done, stage=stage, mode=mode) for mode in MODES)] for stage in STAGES],
                foot=["Loop", *(spent(done, mode=mode) for mode in MODES)],
            ),
            "stage_percentiles": Part(
                columns=["stage", "n", *PERCENTILES],
                rows=[[stage, len(lengths(done, stage)), *percentiles(lengths(done, stage))] for stage in STAGES],
            ),
            "components": groups(components(known, done)),
            "periods": groups(by_period(known, done)),
        },
    )


def spent(lives: Sequence[Life], *, stage: str = "", mode: str = "") -> int:
    return sum(life.spent(stage=stage, mode=mode) for life in lives)


def band(done: Sequence[Life]) -> list[Life]:
    """The loops from the p80 to the p90 by rank."""
    ordered = sorted(done, key=lambda life: (life.total, life.ticket))
    return ordered[max(1, ceil(Fraction(8, 10) * len(done))) - 1 : ceil(Fraction(9, 10) * len(done))]


def means(lives: Sequence[Life]) -> list[int]:
    if not lives:
        return [0] * len(STAGES)
    return adding_up([Fraction(sum(life.in_stage(stage) for life in lives), len(lives)) for stage in STAGES])


def split(known: Known, done: Sequence[Life]) -> Part:
    total, long = sum(life.total for life in done), band(done)
    long_total = sum(life.total for life in long)
    rows = [
        [
            stage,
            sum(life.in_stage(stage) for life in done),
            means(done)[place],
            share(sum(life.in_stage(stage) for life in done), total),
            means(long)[place],
            share(sum(life.in_stage(stage) for life in long), long_total),
            sum(life.stages[stage] is not None for life in done),
        ]
        for place, stage in enumerate(STAGES)
    ]
    whole = mean([life.total for life in done])
    of_band = mean([life.total for life in long])
    return Part(
        figures={
            "n": (len(done), None),
            "mean": (whole, len(done)),
            "band_mean": (of_band, len(long)),
            "recorded": (sum(life.recorded for life in done), None),
        },
        columns=["stage", "sum_us", "mean", "share", "band_mean", "band_share", "visited"],
        rows=rows,
        foot=["Loop", total, whole, share(total, total), of_band, share(long_total, long_total), len(done)],
        strip={stage: length for stage, length in zip(STAGES, means(done), strict=True) if length},
        says=known.left_out_says(),
    )


def components(known: Known, done: Sequence[Life]) -> list[tuple[str, list[Life]]]:
    """The one with the most time first."""
    named = {life.component: known.world.components[life.component] for life in done}
    found = [(one, [life for life in done if life.component == one.pk]) for one in named.values()]
    found.sort(key=lambda item: (-sum(life.total for life in item[1]), item[0].slug))
    return [(one.name, some) for one, some in found]


def by_period(known: Known, done: Sequence[Life]) -> list[tuple[str, list[Life]]]:
    by = known.asked.by or "month"
    return [
        (period_name(first, by), [life for life in done if first <= known.day(life) <= last_of(first, by)])
        for first in periods([known.day(life) for life in done], by)
    ]


def groups(some: Sequence[tuple[str, list[Life]]]) -> Part:
    rows: list[list[Any]] = []
    for name, lives in some:
        by_stage: list[Any] = list(means(lives)) if lives else [None] * len(STAGES)
        rows.append([name, len(lives), *by_stage, mean([life.total for life in lives])])
    return Part(columns=["group", "n", *STAGES, "mean"], rows=rows)
