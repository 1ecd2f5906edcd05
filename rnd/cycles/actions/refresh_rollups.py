"""Compute anew what stale weeks, months and columns hold: so much at a time that workers get round to other things."""

from __future__ import annotations

from rnd.cycles.facts.columnar.loops import refresh_loops
from rnd.cycles.facts.columnar.work import refresh_work
from rnd.cycles.facts.spans import refresh_spans


def refresh_rollups() -> None:
    """Bring the newest stale ones up to date; until then whoever reads one computes it from the rows."""
    refresh_spans(limit=500)
    refresh_loops(limit=150)
    refresh_work(limit=50)
