"""Every past forecast beside what came, and so every past answer of the flow model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.cycles.slow.answer import Answer, Known, Part
from tests.cycles.slow.chances import counts_kept, held, history_of, kept, past, past_counts, wanted
from tests.cycles.slow.chosen import chosen_then
from tests.cycles.slow.figures import P85, half_up, share
from tests.cycles.slow.past import RESULTS, past_part
from tests.cycles.slow.what_if import hindsight, stage_name

NAMES = {"nothing": "Nothing changes", "wip": "Less work in progress", "throughput": "More finished a week"}


def answer(known: Known, asked: Mapping[str, Any]) -> Answer:
    yesterday, history = history_of(known)
    n = wanted(known, asked)
    trials = past(history, n, P85, yesterday)
    first = yesterday - timedelta(days=len(history) - 1)
    loops = "1 loop" if n == 1 else f"{n} loops"
    verdicts = hindsight(known)
    return Answer(
        sum(kept(trials, calibrated=apart)[1] for apart in (True, False)),
        {
            **(chosen_then(known, asked["tickets"]) if "tickets" in asked else {}),
            "backtest": past_part(
                trials, lambda origin: first + timedelta(days=origin), f"Past forecasts of {loops}, made with 85 %"
            ),
            "counts": counts(asked.get("days", 30), yesterday, history),
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


def counts(days: int, yesterday: date, history: list[int]) -> Part:
    first = yesterday - timedelta(days=len(history) - 1)
    trials = past_counts(history, days, P85, yesterday)
    (hits, decided), (raw_hits, raw) = counts_kept(trials, calibrated=True), counts_kept(trials, calibrated=False)
    name = "1 day" if days == 1 else f"{days} days"
    return Part(
        figures={
            "hit_rate": (share(hits, decided), decided),
            "hit_rate_raw": (share(raw_hits, raw), raw),
            "promise": (P85, None),
        },
        columns=["made", "expected", "promised", "realised", "calibrated", "held"],
        rows=[
            [first + timedelta(days=one.origin), one.expected, one.promised, one.came,
             "yes" if one.calibrated else "no", RESULTS[None if one.came is None else one.came >= one.promised]]
            for one in trials
        ],
        says=[held(hits, decided), held(raw_hits, raw), f"Past forecasts of {name}, made with 85 %"],
    )  # fmt: skip
