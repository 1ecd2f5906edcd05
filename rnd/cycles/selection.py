"""Exact order statistics without sorting everything, out of runs of numbers that are sorted already.

A sample says between which two values the r-th one lies, a binary search in each run counts how many are smaller, and
only what lies between is fetched.
"""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Any, Final

from django.db import connections
from django.utils.translation import gettext

from foundation.kit.errors import Unavailable
from rnd.cycles.columns import Columns

# Up to so many values are simply sorted.
FEW: Final = 4096
# So many values are taken as a sample, of all; and so many times more on either side each time a rank lay outside.
SAMPLE: Final = 8192
WIDER: Final = 8
TRIES: Final = 5
_LEAST: Final = -(2**62)
_MOST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Picked:
    """Of n values those at some ranks (from 1), and how many values are smaller than each of them."""

    n: int
    values: dict[int, int]
    below: dict[int, int]


def pick(columns: Columns, measure: str, ranks_of: Callable[[int], Collection[int]]) -> Picked:
    """Give the values at the ranks that `ranks_of(n)` names; asked again when loops changed in between."""
    runs, params = columns.sorted(measure)
    wider = 1
    with connections[columns.using].cursor() as cursor:
        for _try in range(TRIES):
            cursor.execute(_FIRST.replace("{runs}", runs), [FEW, *params, *params])
            n, pieces, every = cursor.fetchone()
            ranks = sorted(ranks_of(n))
            if not ranks:
                return Picked(n, {}, {})
            if every is not None:
                return _picked(n, ranks, [(0, [*map(int, every.split(","))])])
            stride = max(1, n // SAMPLE)
            sample = _sample(cursor, runs, params, stride)
            brackets = _brackets(ranks, sample, stride, wider * (4 + isqrt(2 * pieces)))
            total, found = _between(cursor, runs, params, brackets)
            if total == n:
                if all(any(below < rank <= below + len(run) for below, run in found) for rank in ranks):
                    return _picked(n, ranks, found)
                wider *= WIDER
    raise Unavailable("report.changing", gettext("The loops change faster than they can be read. Try again."))


# Few values come along at once, as one text: an array is taken apart more slowly.
_FIRST: Final = """
SELECT n, pieces, CASE WHEN n <= %s THEN array_to_string(
    ARRAY(SELECT x FROM ({runs}) AS r (n, v), unnest(v) AS x ORDER BY x), ',') END
FROM (SELECT coalesce(sum(n), 0)::bigint, count(*) FROM ({runs}) AS r (n, v)) AS counted (n, pieces)
"""


def count_below(columns: Columns, measure: str, edges: Sequence[int]) -> list[int]:
    """Give how many values are smaller than each edge."""
    runs, params = columns.sorted(measure)
    with connections[columns.using].cursor() as cursor:
        # Runs are stored packed: each is unpacked once, and not once for each edge (OFFSET keeps the order of joining).
        cursor.execute(
            "SELECT place, sum(below)::bigint FROM "
            f"(SELECT v || '{{}}'::bigint[] AS v FROM ({runs}) AS packed (n, v) OFFSET 0) AS r, LATERAL "
            "(SELECT place, width_bucket(edge - 1, r.v) AS below "
            "FROM unnest(%s::bigint[]) WITH ORDINALITY AS e (edge, place) OFFSET 0) AS counted GROUP BY place",
            [*params, list(edges)],
        )
        found = dict(cursor.fetchall())
        return [found.get(place, 0) for place in range(1, len(edges) + 1)]


def _sample(cursor: Any, runs: str, params: Sequence[Any], stride: int) -> list[int]:
    """Give every `stride`-th value, in ascending order; each run begins elsewhere, so that small ones count too."""
    some = f"v[generate_series(1 + (row_number() OVER () * 7919 %% {stride})::int, n, {stride})]"
    cursor.execute(f"SELECT array_agg(x ORDER BY x) FROM (SELECT {some} AS x FROM ({runs}) AS r (n, v)) AS s", params)
    return cursor.fetchone()[0] or []


def _brackets(ranks: Iterable[int], sample: Sequence[int], stride: int, margin: int) -> list[tuple[int, int]]:
    """Give the intervals (low, high] in which the ranks should lie, ascending and apart."""
    found: list[tuple[int, int]] = []
    for rank in ranks:
        place = rank // stride
        low, high = place - margin, place + margin
        bounds = (
            sample[low] - 1 if 0 <= low < len(sample) else _LEAST,
            sample[high] if high < len(sample) else _MOST,
        )
        if found and bounds[0] <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], bounds[1]))
        else:
            found.append(bounds)
    return found


def _between(
    cursor: Any, runs: str, params: Sequence[Any], brackets: Sequence[tuple[int, int]]
) -> tuple[int, list[tuple[int, list[int]]]]:
    """Give the count of all values, and for each bracket how many are below it and those in it, in order."""
    lows, highs = [low for low, _high in brackets], [high for _low, high in brackets]
    cursor.execute(
        "WITH cut AS MATERIALIZED (SELECT j, r.n, width_bucket(w.low, v) AS below, "
        "v[width_bucket(w.low, v) + 1 : width_bucket(w.high, v)] AS part "
        f"FROM ({runs}) AS r (n, v), unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS w (low, high, j)) "
        "SELECT sum(n)::bigint, sum(below)::bigint, "
        "ARRAY(SELECT x FROM cut AS c, unnest(c.part) AS x WHERE c.j = cut.j ORDER BY x) "
        "FROM cut GROUP BY j ORDER BY j",
        [*params, lows, highs],
    )
    rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), [(below, run) for _n, below, run in rows]


def _picked(n: int, ranks: Iterable[int], found: Sequence[tuple[int, list[int]]]) -> Picked:
    values, smaller = {}, {}
    for rank in ranks:
        below, run = next((below, run) for below, run in found if below < rank <= below + len(run))
        values[rank] = value = run[rank - below - 1]
        smaller[rank] = below + bisect_left(run, value)
    return Picked(n, values, smaller)
