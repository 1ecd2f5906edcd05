"""When so many loops are in the field, and how many are by a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.cycles.slow.answer import Answer, Known, Part
from tests.cycles.slow.chances import (
    WINDOW,
    count_within,
    counts_kept,
    days_needed,
    held,
    history_of,
    kept,
    past,
    past_counts,
    scaled,
    stretched,
    wanted,
)
from tests.cycles.slow.chosen import chosen
from tests.cycles.slow.figures import ALL, P50, day_name, share
from tests.cycles.slow.what_if import what_if


def answer(known: Known, asked: Mapping[str, Any]) -> Answer:
    yesterday, history = history_of(known)
    window = tuple(history[-WINDOW:])
    return Answer(
        sum(window),
        {
            **(chosen(known, asked["tickets"]) if "tickets" in asked else {}),
            "when": when(known, asked, yesterday, history),
            "how_many": how_many(asked.get("days", 30), yesterday, history),
            "what_if": what_if(known, asked.get("engineers")),
        },
    )


def when(known: Known, asked: Mapping[str, Any], yesterday: date, history: list[int]) -> Part:
    n, window = wanted(known, asked), tuple(history[-WINDOW:])
    rows, figures, says = [], {}, []
    for p in ALL:
        trials = past(history, n, p, yesterday)
        raw = days_needed(window, n, p) if window else None
        expected = days_needed(window, n, P50) if window else None
        better = None if expected is None else stretched(trials, expected, p, len(history) - 1)
        promised = raw if raw is None or better is None or better < raw else better
        hits, decided = kept(trials, calibrated=better is not None)
        day = None if promised is None else yesterday + timedelta(days=promised)
        rows.append([p, day, promised, raw, how(better, promised), share(hits, decided), hits, decided])
        figures[f"p{int(p * 100)}"] = (day, decided)
        says.append(held(hits, decided))
    if n > 1:
        says.append(f"When are the next {n} loops in the field and confirmed?")
    if not any(window):
        says.append("Nothing finished in the last 90 days, so nothing can be foretold.")
    columns = ["confidence", "day", "promised", "raw", "how", "hit_rate", "hits", "trials"]
    return Part(figures, columns, rows, says=says)


def how_many(days: int, yesterday: date, history: list[int]) -> Part:
    window = tuple(history[-WINDOW:])
    rows: list[list[Any]] = []
    for p in ALL:
        trials = past_counts(history, days, p, yesterday)
        raw = count_within(window, days, p) if window else None
        better = scaled(trials, count_within(window, days, P50), p, days, len(history) - 1) if window else None
        hits, decided = counts_kept(trials, calibrated=better is not None)
        count = raw if raw is None or better is None or better > raw else better
        rows.append([p, count, raw, how(better, count), share(hits, decided), hits, decided])
    nothing = [] if any(window) else ["Nothing finished in the last 90 days, so nothing can be foretold."]
    return Part(
        figures={"by_day": (rows[1][1], rows[1][6])},
        columns=["confidence", "count", "raw", "how", "hit_rate", "hits", "trials"],
        rows=rows,
        says=[*nothing, held(rows[1][5], rows[1][6]), f"How many by {day_name(yesterday + timedelta(days=days))}?"],
    )


def how(better: int | None, promised: int | None) -> str:
    if promised is None:
        return ""
    return "uncalibrated: too few past forecasts" if better is None else "calibrated by past forecasts"
