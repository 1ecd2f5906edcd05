"""The finished loops of a report, counted column by column: for whoever may see whole programmes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np

from rnd.cycles.analysis.order import Ranked, places, ranked_at
from rnd.cycles.facts.columnar import ranks
from rnd.cycles.facts.columnar.finished import FinishedLoops, place_of
from rnd.cycles.facts.columnar.loops import BUSY, NO_DAY, REACHED
from rnd.cycles.facts.columnar.reading import NOTHING, Arrays, Mask, Numbers, moment, there
from rnd.cycles.facts.days import FIRST_OF, following
from rnd.cycles.facts.spans import SUMS
from rnd.cycles.measures import FIRST, REMAINING, TOTAL
from rnd.cycles.models import STAGE_COLUMNS
from rnd.cycles.statistics.figures import FEWEST

_STAGES: Final = tuple(STAGE_COLUMNS.values())
_SUMMED: Final = ("passes", "modes_recorded", TOTAL, "rework_us", "active_us", *_STAGES)
# The columns of each measure; of what remains with a stage at half, the whole and the stage.
_NEEDED: Final = {
    **{name: (name,) for name in (TOTAL, FIRST, *_STAGES)},
    **{name: (TOTAL, STAGE_COLUMNS[stage]) for stage, name in REMAINING.items()},
}


@dataclass(frozen=True, slots=True)
class ByColumn:
    """Figures of finished loops; weeks, months and quarters are those of `zone`.

    Sums are lists: n, and then what `spans.SUMS` names.
    """

    loops: FinishedLoops
    zone: tzinfo

    def alike(self, programme: int, severity: str) -> ByColumn:
        """Give those of one of the programmes and a severity."""
        return ByColumn(self.loops.narrowed(programme, severity=place_of(severity)), self.zone)

    def percentiles(self, measures: Sequence[str], ps: tuple[Fraction, ...]) -> dict[str, Ranked]:
        """Give the percentiles of each measure; loops without it are left out."""
        found: dict[str, Ranked] = {}
        rest, most = list(measures), ranks.HELD
        while rest:
            # Read together is what can be held together: the first one tells about how many loops there are.
            together, rest = rest[: (size := max(1, ranks.HELD // most))], rest[size:]
            found |= self._ranked(together, ps)
            most = max(1, *(found[measure].n for measure in together))
        return found

    def pick(self, ranks_of: Callable[[int], Collection[int]]) -> ranks.Picked:
        """Give the lengths at the ranks that `ranks_of(n)` names."""
        return ranks.pick(self._lengths, ranks_of)

    def count_below(self, edges: Sequence[int]) -> list[int]:
        """Give how many loops are shorter than each of these lengths."""
        return ranks.below(self._lengths(), edges)

    def trend(self, by: str, ps: tuple[Fraction, ...]) -> dict[date, Ranked]:
        """Give the percentiles of the lengths by week, month or quarter, its first day being the key."""
        found: dict[date, Ranked] = {}
        held: dict[date, list[Numbers]] = defaultdict(list)

        def settle(until: date) -> None:
            for first in [first for first in held if following(first, by) < until]:
                picked = ranks.picked(np.concatenate(held.pop(first)), lambda n: places(n, ps) if n >= FEWEST else ())
                found[first] = ranked_at(picked.n, ps, picked.values)

        for slab, arrays in self.loops.read(TOTAL, "finished_at"):
            # Slabs come by their first days, which are days of their own programme's zone.
            settle(slab - timedelta(days=1))
            for first, some in self._by_period(by, slab, arrays["finished_at"]):
                held[first].append(arrays[TOTAL][some])
        settle(date.max)
        return found

    def summed(self) -> list[int]:
        """Give the sums."""
        return _add_up(_sums(arrays) for _slab, arrays in self.loops.read(*_SUMMED))

    def recorded(self) -> tuple[int, int]:
        """Give n, and in how many of them modes were recorded."""
        marks = [arrays["modes_recorded"] for _slab, arrays in self.loops.read("modes_recorded")]
        return sum(map(len, marks)), int(sum(some.sum() for some in marks))

    def busy(self) -> list[int]:
        """Give the sums of what BUSY names."""
        found = [0] * len(BUSY)
        for _slab, arrays in self.loops.read("busy"):
            found = [one + int(more) for one, more in zip(found, arrays["busy"].sum(axis=0), strict=True)]
        return found

    def groups(self, by: str) -> dict[tuple[int, date], list[int]]:
        """Give the sums by component and the first day of the week, month or quarter."""
        found: dict[tuple[int, date], list[list[int]]] = defaultdict(list)
        for slab, arrays in self.loops.read(*_SUMMED, "component_id", "finished_at"):
            for first, some in self._by_period(by, slab, arrays["finished_at"]):
                for component in np.unique(arrays["component_id"][some]):
                    those = some & (arrays["component_id"] == component)
                    found[int(component), first].append(_sums({name: arrays[name][those] for name in _SUMMED}))
        return {key: _add_up(some) for key, some in found.items()}

    def passes(self) -> dict[int, tuple[int, list[int]]]:
        """Give by count of passes how many loops needed so many, and the sum of the time in each of these passes."""
        found: dict[int, tuple[int, list[int]]] = {}
        for _slab, arrays in self.loops.read("passes", "pass_us"):
            passes_of = np.repeat(arrays["passes"], arrays["passes"])
            for number in map(int, np.unique(arrays["passes"])):
                lengths = arrays["pass_us"][passes_of == number].reshape(-1, number)
                n, before = found.get(number, (0, [0] * number))
                sums = [one + int(more) for one, more in zip(before, lengths.sum(axis=0), strict=True)]
                found[number] = n + len(lengths), sums
        return found

    def band(self, first: int, last: int) -> list[int]:
        """Give the sums of the loops from one rank by length to another; of equal ones the older ticket is first."""
        ends = self.ends(first, last)
        if ends is None:
            return _add_up(())
        (low, oldest), (high, newest) = ends
        sums = []
        for _slab, arrays in self.loops.read(*_SUMMED, "ticket_id"):
            length, ticket = arrays[TOTAL], arrays["ticket_id"]
            inside = (length > low) | ((length == low) & (ticket >= oldest))
            inside &= (length < high) | ((length == high) & (ticket <= newest))
            sums.append(_sums({name: arrays[name][inside] for name in _SUMMED}))
        return _add_up(sums)

    def ends(self, first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Give the length and the ticket at each of two ranks; None where there are not so many loops."""
        at = self.pick(lambda n: {rank for rank in (first, last) if rank <= n}).values
        if len(at) < len({first, last}):
            return None
        oldest, newest = self._tickets(((at[first], first), (at[last], last)))
        return (at[first], oldest), (at[last], newest)

    def arrivals(self) -> dict[date, list[int]]:
        """Give by day how many came to each stage or beyond it, and how many finished; days are the programme's."""
        pieces: list[tuple[int, Numbers]] = []
        for slab, arrays in self.loops.read("reached"):
            reached = arrays["reached"]
            known = reached != NO_DAY
            least, most = int(reached[known].min()), int(reached.max())
            # One number for a day and a place, so that all are counted at once.
            codes = ((reached - least) * REACHED + np.arange(REACHED))[known]
            counts = np.bincount(codes, minlength=(most - least + 1) * REACHED)
            pieces.append((slab.toordinal() + least, counts.reshape(-1, REACHED)))
        if not pieces:
            return {}
        first = min(day for day, _counts in pieces)
        found = np.zeros((max(day + len(counts) for day, counts in pieces) - first, REACHED), dtype=np.int64)
        for day, counts in pieces:
            found[day - first : day - first + len(counts)] += counts
        return {
            date.fromordinal(first + int(place)): found[place].tolist() for place in np.flatnonzero(found.any(axis=1))
        }

    def _ranked(self, measures: Collection[str], ps: tuple[Fraction, ...]) -> dict[str, Ranked]:
        """Give the percentiles of measures that are read together."""
        picked = ranks.pick_each(lambda: self._values(measures), lambda n: places(n, ps) if n >= FEWEST else ())
        empty = ranks.Picked(0, {})
        found = {measure: picked.get(measure, empty) for measure in measures}
        return {measure: ranked_at(one.n, ps, one.values) for measure, one in found.items()}

    def _lengths(self) -> Iterator[Numbers]:
        return (arrays[TOTAL] for _slab, arrays in self.loops.read(TOTAL))

    def _values(self, measures: Collection[str]) -> Iterator[tuple[str, Numbers]]:
        needed = {name for measure in measures for name in _NEEDED[measure]}
        for _slab, arrays in self.loops.read(*sorted(needed)):
            for measure in measures:
                if measure in arrays:
                    yield measure, there(arrays[measure])
                else:
                    whole, stage = (arrays[name] for name in _NEEDED[measure])
                    yield measure, 2 * whole - np.where(stage == NOTHING, 0, stage)

    def _tickets(self, at: Sequence[tuple[int, int]]) -> list[int]:
        """Give for each (length, rank) the ticket that stands at the rank, of those with this length."""
        shorter = dict.fromkeys((length for length, _rank in at), 0)
        alike: dict[int, list[Numbers]] = defaultdict(list)
        for _slab, arrays in self.loops.read(TOTAL, "ticket_id"):
            for length in shorter:
                shorter[length] += int(np.count_nonzero(arrays[TOTAL] < length))
                alike[length].append(arrays["ticket_id"][arrays[TOTAL] == length])
        return [int(np.sort(np.concatenate(alike[length]))[rank - shorter[length] - 1]) for length, rank in at]

    def _by_period(self, by: str, slab: date, finished: Numbers) -> Iterator[tuple[date, Mask]]:
        """Give the first days of the periods of a slab, and which of its loops finished in each."""
        firsts = _periods(by, slab)
        begins = [moment(datetime.combine(first, time.min, self.zone)) for first in firsts]
        place = np.searchsorted(begins, finished, side="right") - 1
        for one in np.unique(place):
            yield firsts[one], place == one


def _sums(arrays: Arrays) -> list[int]:
    """Give the sums of some loops."""
    recorded = arrays["modes_recorded"] != 0
    stages = [there(arrays[name]) for name in _STAGES]
    found = (
        len(recorded), arrays[TOTAL].sum(), np.count_nonzero(arrays["passes"] == 1), arrays["rework_us"].sum(),
        np.count_nonzero(recorded), arrays[TOTAL][recorded].sum(), arrays["active_us"][recorded].sum(),
        *(lengths.sum() for lengths in stages), *(len(lengths) for lengths in stages),
    )  # fmt: skip
    return [int(value) for value in found]


def _add_up(sums: Iterator[list[int]] | Collection[list[int]]) -> list[int]:
    """Add up sums, in whole numbers of any size."""
    found = [0] * (1 + len(SUMS))
    for some in sums:
        found = [one + more for one, more in zip(found, some, strict=True)]
    return found


@lru_cache(maxsize=1000)
def _periods(by: str, slab: date) -> list[date]:
    """Give the first days of the periods in which a slab may lie, in whatever zone it is and they are."""
    first = FIRST_OF[by](slab - timedelta(days=1))
    firsts = []
    while first <= slab + timedelta(days=8):
        firsts.append(first)
        first = following(first, by)
    return firsts
