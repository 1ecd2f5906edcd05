"""Loop times: every loop as a dot, the histogram, the percentiles over time."""

from __future__ import annotations

from math import ceil

from foundation.kit.wording import duration
from tests.cycles.slow.answer import Answer, Known, Part, headline
from tests.cycles.slow.figures import P95, percentile
from tests.cycles.slow.glance import trend
from tests.cycles.slow.plain import moment

HOUR = 3_600_000_000
WIDTHS = [HOUR * hours for hours in (1, 2, 4, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 8736, 17472)]
MOST_BARS = 40
MOST_DOTS = 2000


def answer(known: Known) -> Answer:
    done = known.finished
    totals = [life.total for life in done]
    figures, says = headline(totals)
    newest = sorted(done, key=lambda life: (life.finished or 0, life.ticket), reverse=True)
    return Answer(
        len(done),
        {
            "dots": Part(
                figures,
                columns=["ticket", "finished_at", "total_us", "passes"],
                rows=[
                    [life.ticket, moment(life.finished or 0), life.total, life.passes] for life in newest[:MOST_DOTS]
                ],
                levels={name: value for name, (value, _n) in figures.items() if value is not None},
                says=says,
            ),
            "histogram": histogram(totals),
            "trend": trend(known),
        },
    )


def histogram(totals: list[int]) -> Part:
    """Bars of one width that hold at least 95 % of the loops (all of them, where there are few); one for the longer."""
    covered = percentile(totals, P95)
    covered = max(totals, default=0) if covered is None else covered
    width = next((width for width in WIDTHS if covered < width * MOST_BARS), WIDTHS[-1])
    bars = min(MOST_BARS, max(1, ceil((covered + 1) / width)))
    rows: list[list[object]] = []
    for n in range(bars):
        since, until = n * width, (n + 1) * width
        rows.append(
            [f"{duration(since)} to {duration(until)}", since, until, sum(since <= one < until for one in totals)]
        )
    longest = bars * width
    rows.append([f"{duration(longest)} or longer", longest, None, sum(one >= longest for one in totals)])
    return Part(columns=["length", "since_us", "until_us", "n"], rows=rows, foot=["All", None, None, len(totals)])
