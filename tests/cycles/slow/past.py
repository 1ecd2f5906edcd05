"""Past forecasts of days, as a page tells them: what was promised, what came, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tests.cycles.slow.answer import Part
from tests.cycles.slow.chances import Trial, held, kept
from tests.cycles.slow.figures import P85, share
from tests.cycles.slow.plain import DAY

RESULTS = {None: "not decided yet", True: "held", False: "missed"}


def past_part(trials: Sequence[Trial], made: Callable[[int], date], title: str) -> Part:
    """`made` gives the day of an origin."""
    (hits, decided), (raw_hits, raw) = kept(trials, calibrated=True), kept(trials, calibrated=False)
    even = [done for one in trials for done in one.judged(one.expected)]
    rows = []
    for one in trials:
        result = RESULTS[one.done_in(one.promised)]
        if result == "held" and not one.judged(one.promised):
            result = "held early, not counted yet"
        rows.append(
            [made(one.origin), one.expected * DAY, one.promised * DAY,
             None if one.realised is None else one.realised * DAY, "yes" if one.calibrated else "no", result]
        )  # fmt: skip
    return Part(
        figures={
            "hit_rate": (share(hits, decided), decided),
            "hit_rate_raw": (share(raw_hits, raw), raw),
            "promise": (P85, None),
            "expected_p50": (share(sum(even), len(even)), len(even)),
        },
        columns=["made", "expected", "promised", "realised", "calibrated", "held"],
        rows=rows,
        says=[held(hits, decided), held(raw_hits, raw), held(sum(even), len(even)), title],
    )
