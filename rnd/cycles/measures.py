"""What reports measure of a finished loop: a number for each measure, and how it follows from the loop's row."""

from __future__ import annotations

from typing import Final

from rnd.cycles.clock.stages import Stage
from rnd.cycles.models import STAGE_COLUMNS

TOTAL: Final = "total_us"
FIRST: Final = "first_us"  # up to the first finish there ever was

# Twice what remains of the loop with one stage at half: whole, because it is twice.
REMAINING: Final[dict[Stage, str]] = {stage: f"without_half_{stage}" for stage in Stage}

# In microseconds; null leaves a loop out. Numbers are stored, so a new measure goes to the end.
EXPRESSIONS: Final[dict[str, str]] = {
    TOTAL: "cycles_loop.total_us",
    FIRST: "(extract(epoch FROM cycles_loop.first_finish_at - cycles_loop.started_at) * 1000000)::bigint",
    **{column: f"cycles_loop.{column}" for column in STAGE_COLUMNS.values()},
    **{
        name: f"2 * cycles_loop.total_us - coalesce(cycles_loop.{STAGE_COLUMNS[stage]}, 0)"
        for stage, name in REMAINING.items()
    },
}
NUMBER: Final = {name: place for place, name in enumerate(EXPRESSIONS, start=1)}

# Measures that are sums over the loops of a block: `sums.SUMS` in order, and the time in each pass.
OF_SUMS: Final = 0
OF_PASSES: Final = -1
