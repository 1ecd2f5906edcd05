"""The bottleneck with its arithmetic, passes and rework."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from foundation.kit import vocabulary
from foundation.kit.wording import duration
from tests.cycles.slow.answer import Answer, Known, Part
from tests.cycles.slow.figures import P50, P85, half_up, mean, percentile, share
from tests.cycles.slow.life import Life
from tests.cycles.slow.plain import STAGES


def answer(known: Known) -> Answer:
    done = known.finished
    return Answer(len(done), {"bottleneck": bottleneck(done), "passes": passes(done)})


def bottleneck(done: Sequence[Life]) -> Part:
    """Each stage at half its length, loop by loop, all else as it was; the one that saves most first."""
    totals = [life.total for life in done]
    before = mean(totals)
    rows: list[list[Any]] = []
    for stage in sorted(STAGES, key=lambda stage: -sum(life.in_stage(stage) for life in done)):
        spent = [life.in_stage(stage) for life in done]
        # Twice what remains, so that it stays whole.
        twice = [2 * life.total - life.in_stage(stage) for life in done]
        rest = [None if (value := percentile(twice, p)) is None else half_up(Fraction(value, 2)) for p in (P50, P85)]
        saves = half_up(Fraction(sum(spent), 2 * len(done))) if done else None
        after = half_up(Fraction(sum(twice), 2 * len(done))) if done else None
        rows.append([stage, sum(spent), mean(spent), saves, after, *rest])
    says = []
    if done:
        loops = "1 loop" if len(done) == 1 else f"{len(done)} loops"
        took = f"{vocabulary.word('stage', rows[0][0]).label} took {duration(rows[0][1])} of {loops}. "
        saved = f"Half of that is {duration(rows[0][3])} a loop: "
        says = [took + saved + f"the mean goes from {duration(before)} to {duration(rows[0][4])}."]
    return Part(
        columns=["stage", "sum_us", "mean", "saves", "after_mean", "after_p50", "after_p85"],
        rows=rows,
        foot=["Loop", sum(totals), before, None, before, *(percentile(totals, p) for p in (P50, P85))],
        says=says,
    )


def passes(done: Sequence[Life]) -> Part:
    rows: list[list[Any]] = []
    for number in range(1, max((life.passes for life in done), default=0) + 1):
        ended = sum(life.passes == number for life in done)
        times = [life.spent(number=number) for life in done if life.passes >= number]
        rows.append([f"pass {number}", number, ended, share(ended, len(done)), len(times), sum(times), mean(times)])
    rework, total = sum(life.rework for life in done), sum(life.total for life in done)
    return Part(
        figures={
            "first_time_rate": (share(sum(life.passes == 1 for life in done), len(done)), len(done)),
            "rework_share": (share(rework, total), len(done)),
            "rework_us": (rework, len(done)),
        },
        columns=["pass", "number", "n", "share", "through", "time", "mean"],
        rows=rows,
    )
