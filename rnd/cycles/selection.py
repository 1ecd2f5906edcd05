"""Exact order statistics without sorting everything, out of runs of numbers that are sorted already.

A sample says between which two values the r-th one lies, a binary search in each run counts how many are smaller, and
only what lies between is fetched.
"""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
            brackets = _brackets(ranks, sample, stride, wider * _margin(pieces))
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


def pick_each(
    using: str,
    runs: str,
    params: Sequence[Any],
    counted: Mapping[str, tuple[int, int]],
    ranks_of: Callable[[int], Collection[int]],
) -> dict[str, dict[int, int]] | None:
    """Give by rank the values of each group, out of runs (g, n, v): two statements, however many groups there are.

    `counted` says how many values each group has, in how many runs; None where that is not so any more. Nothing but
    the values at the ranks comes here.
    """
    wanted = {group: sorted(ranks) for group, (n, _pieces) in counted.items() if (ranks := ranks_of(n))}
    if not wanted:
        return {}
    with connections[using].cursor() as cursor:
        each = _Each(cursor, runs, params, counted, wanted)
        for power in range(TRIES):
            found, right = each.at_ranks(each.brackets(WIDER**power))
            if found is not None or not right:
                return found
    return None


@dataclass(frozen=True, slots=True)
class _Each:
    """Runs (g, n, v) by group, how many values in how many runs each group has, and which ranks are wanted of it."""

    cursor: Any
    runs: str
    params: Sequence[Any]
    counted: Mapping[str, tuple[int, int]]
    wanted: Mapping[str, Sequence[int]]

    def brackets(self, wider: int) -> dict[str, list[tuple[int, int]]]:
        """Give for each group the intervals (low, high] in which its ranks should lie; of few values, all of them."""
        found = {group: [(_LEAST, _MOST)] for group in self.wanted if self.counted[group][0] <= FEW}
        asked = []
        for group in self.wanted.keys() - found.keys():
            n, pieces = self.counted[group]
            margin = wider * _margin(pieces)
            # As many are taken as a sample as will lie around three ranks.
            stride = max(1, isqrt(n // (6 * _margin(pieces))))
            around = [(rank // stride - margin, rank // stride + margin) for rank in self.wanted[group]]
            asked.append((group, stride, "{" + ",".join(f"{{{low + 1},{high + 1}}}" for low, high in around) + "}"))
        if asked:
            self.cursor.execute(
                _BOUNDS.replace("{runs}", self.runs), [*map(list, zip(*asked, strict=True)), *self.params]
            )
            for group, bounds in self.cursor.fetchall():
                for low, high in zip(bounds[::2], bounds[1::2], strict=True):
                    some = found.setdefault(group, [])
                    _widen(some, _LEAST if low is None else low - 1, _MOST if high is None else high)
        return found

    def at_ranks(
        self, brackets: Mapping[str, Sequence[tuple[int, int]]]
    ) -> tuple[dict[str, dict[int, int]] | None, bool]:
        """Give the values (None where an interval did not hold its rank), and whether the counts still hold."""
        asked = [
            (group, low, high, "{" + ",".join(map(str, self.wanted[group])) + "}")
            for group, some in brackets.items()
            for low, high in some
        ]
        self.cursor.execute(
            _AT_RANKS.replace("{runs}", self.runs), [*map(list, zip(*asked, strict=True)), *self.params]
        )
        rows = self.cursor.fetchall()
        found: dict[str, dict[int, int]] = {group: {} for group in self.wanted}
        for group, _n, below, size, values in rows:
            for rank, value in zip(self.wanted[group], values, strict=True):
                if below < rank <= below + (size or 0):
                    found[group][rank] = value
        right = {group for group, *_rest in rows} == self.wanted.keys()
        right = right and all(n == self.counted[group][0] for group, n, *_rest in rows)
        return (found if all(len(found[g]) == len(ranks) for g, ranks in self.wanted.items()) else None), right


# Runs are stored packed: each is unpacked once, and not once for each value (OFFSET keeps the order of joining).
_BOUNDS: Final = """
WITH w AS (SELECT * FROM unnest(%s::text[], %s::int[], %s::text[]) WITH ORDINALITY AS t (g, stride, at, j)),
taken AS (
    SELECT j, v[generate_series(1 + (row_number() OVER () * 7919 %% stride)::int, n, stride)] AS x FROM (
        SELECT w.j, w.stride, r.n, r.v || '{}'::bigint[] AS v FROM ({runs}) AS r (g, n, v)
        JOIN w ON w.g = r.g OFFSET 0
    ) AS unpacked
), sorted AS (SELECT j, array_agg(x ORDER BY x) AS s FROM taken GROUP BY j)
SELECT w.g, ARRAY(SELECT s[p] FROM unnest(w.at::int[]) WITH ORDINALITY AS t (p, o) ORDER BY o)
FROM sorted JOIN w USING (j)
"""
_AT_RANKS: Final = """
WITH w AS (
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[])
    WITH ORDINALITY AS t (g, low, high, ranks, j)
), cut AS MATERIALIZED (
    SELECT j, n, below, v[below + 1 : width_bucket(high, v)] AS part FROM (
        SELECT w.j, w.high, r.n, r.v, width_bucket(w.low, r.v) AS below
        FROM (SELECT g, n, v || '{}'::bigint[] AS v FROM ({runs}) AS packed (g, n, v) OFFSET 0) AS r
        JOIN w ON w.g = r.g OFFSET 0
    ) AS unpacked
), totals AS (SELECT j, sum(n)::bigint AS n, sum(below)::bigint AS below FROM cut GROUP BY j
), parts AS (SELECT j, array_agg(x ORDER BY x) AS part FROM cut, unnest(part) AS x GROUP BY j)
SELECT w.g, t.n, t.below, cardinality(p.part), ARRAY(SELECT p.part[rank - t.below]
    FROM unnest(w.ranks::bigint[]) WITH ORDINALITY AS r (rank, o) ORDER BY o)
FROM w JOIN totals t USING (j) LEFT JOIN parts p USING (j)
"""


def _widen(brackets: list[tuple[int, int]], low: int, high: int) -> None:
    """Put one more interval to those that begin before it, so that they stay ascending and apart."""
    if brackets and low <= brackets[-1][1]:
        low, high = brackets[-1][0], max(brackets.pop()[1], high)
    brackets.append((low, high))


def _margin(pieces: int) -> int:
    """Give how many values of a sample a rank may lie away from where it should."""
    return 4 + isqrt(2 * pieces)


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
