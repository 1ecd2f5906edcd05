"""The forecast of chosen tickets, beside what DuckDB reads for it with the same arithmetic after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.bench.ground import paired, say, seconds

if TYPE_CHECKING:
    from rnd.cycles.statistics.remaining import Lives

# When loops began and finished, by day, with the lowest number of a ticket.
LIVES = (
    "SELECT day_1, day_10, count(*), min(ticket_id) FROM loops WHERE excluded = '' AND severity = 'S2' GROUP BY 1, 2"
)


def measure(read: Callable[[], Lives], duck: Any, today: int) -> None:
    """Forecast three open tickets of a severity, and each past week's like them: what is read, then the whole report.

    The floor of the whole is what DuckDB reads, with the same arithmetic after it.
    """
    from rnd.cycles.analysis.prospects import PROMISES
    from rnd.cycles.statistics import remaining as r

    ages = [12, 5, 1]

    def read_by_duckdb() -> Lives:
        groups: dict[int, dict[int, tuple[int, int]]] = {}
        for began, ended, n, first in duck.execute(LIVES).fetchall():
            day = r.RUNNING if ended is None or ended.toordinal() > today else ended.toordinal()
            some = groups.setdefault(began.toordinal(), {})
            before, lowest = some.get(day, (0, first))
            some[day] = (before + n, min(lowest, first))
        return r.Lives({day: some for day, some in groups.items() if day <= today})

    def forecasts_from(lives: Lives) -> list[Any]:
        past = {p: r.backtest(lives, ages, p, today=today) for p in PROMISES}
        known = r.known(lives, today)
        return [r.forecast(known, ages, p, trials, today=today) for p, trials in past.items()]

    assert read() == read_by_duckdb()
    mine, floor = paired(read, lambda: duck.execute(LIVES).fetchall())
    say("  what it reads: when loops began and finished", f"{mine * 1e3:.1f} ms", f"{floor * 1e3:.1f} ms", "")
    mine, floor = paired(lambda: forecasts_from(read()), lambda: forecasts_from(read_by_duckdb()))
    say(
        "forecast of three chosen tickets of a severity",
        f"{mine * 1e3:.1f} ms", f"{floor * 1e3:.1f} ms", f"{mine / floor:.2f} times (aim 2)",
    )  # fmt: skip
    lives = read()
    known, trials = r.known(lives, today), r.backtest(lives, ages, PROMISES[1], today=today)
    took = min(seconds(lambda: r.forecast(known, ages, PROMISES[1], trials, today=today)) for _try in range(5))
    say("  the forecast alone, of what is read", f"{took * 1e3:.1f} ms", "5 ms", f"{len(trials)} past ones")
