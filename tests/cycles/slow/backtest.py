"""Every past forecast beside what came, and so every past answer of the flow model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.cycles.slow.answer import Answer, Known, Part
from tests.cycles.slow.chances import held, history_of, past, wanted
from tests.cycles.slow.figures import P85, half_up, share
from tests.cycles.slow.plain import DAY
from tests.cycles.slow.what_if import hindsight, stage_name

NAMES = {"nothing": "Nothing changes", "wip": "Less work in progress", "throughput": "More finished a week"}


def answer(known: Known, asked: Mapping[str, int]) -> Answer:
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
