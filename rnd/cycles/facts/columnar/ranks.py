"""Exact order statistics of numbers that come piece by piece, without holding or sorting more than a bounded part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import numpy as np
from django.utils.translation import gettext

from foundation.kit.errors import Unavailable
from rnd.cycles.facts.columnar.reading import Numbers

K = TypeVar("K", bound=Hashable)
Ranks = Callable[[int], Collection[int]]

# Up to so many values (8 MB) are held. Of more, it is counted first how many lie in which bin.
HELD: Final = 1 << 20
# Each power of two has 128 bins: a bin holds what differs by less than 1 %, lengths of seconds as well as of months.
_BITS: Final = 7
_BINS: Final = (64 << _BITS) + 1
_ONE: Final = 1023 << _BITS  # how a float says 1
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Picked:
    """Of n values those at some ranks (from 1)."""

    n: int
    values: dict[int, int]


def pick(pieces: Callable[[], Iterable[Numbers]], ranks_of: Ranks) -> Picked:
    """Give the values at the ranks that `ranks_of(n)` names; `pieces()` gives all values, each time it is asked."""
    return pick_each(lambda: ((None, some) for some in pieces()), ranks_of).get(None) or Picked(0, {})


def pick_each(pieces: Callable[[], Iterable[tuple[K, Numbers]]], ranks_of: Ranks) -> dict[K, Picked]:
    """Give the same for each group of values that there is."""
    for _try in range(TRIES):
        values = Values[K]()
        for key, some in pieces():
            values.add(key, some)
        found = values.picked(ranks_of, pieces)
        if found is not None:
            return found
    raise changing()


def changing() -> Unavailable:
    """Say that what was counted first is not what was read then, however often."""
    return Unavailable("report.changing", gettext("The loops change faster than they can be read. Try again."))


def picked(values: Numbers, ranks_of: Ranks) -> Picked:
    """Give the same of values that are all at hand."""
    ranks = sorted(ranks_of(len(values)))
    if not ranks:
        return Picked(len(values), {})
    ordered = np.partition(values, [rank - 1 for rank in ranks])
    return Picked(len(values), {rank: int(ordered[rank - 1]) for rank in ranks})


def below(pieces: Iterable[Numbers], edges: Sequence[int]) -> list[int]:
    """Give how many values are smaller than each edge."""
    found = np.zeros(len(edges), dtype=np.int64)
    for values in pieces:
        found += np.searchsorted(np.sort(values), edges)
    return [int(count) for count in found]


@dataclass(slots=True)
class Values(Generic[K]):
    """The values of some groups. Up to HELD are held; of more, how many lie in each bin."""

    held: dict[K, list[Numbers]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[K, Numbers] = field(default_factory=lambda: defaultdict(lambda: np.zeros(_BINS, dtype=np.int64)))
    size: int = 0

    def add(self, key: K, values: Numbers) -> None:
        """Add values to a group."""
        self.held[key].append(values)
        self.size += len(values)
        if self.size > HELD:
            for group, some in self.held.items():
                for piece in some:
                    self.counts[group] += np.bincount(_bins(piece), minlength=_BINS)
            self.held.clear()

    def picked(self, ranks_of: Ranks, again: Callable[[], Iterable[tuple[K, Numbers]]]) -> dict[K, Picked] | None:
        """Give the values of each group at the ranks that `ranks_of(n)` names.

        What is not held is asked for `again`: only what lies in the bins of the ranks is sorted. None where that is
        not what was added.
        """
        if self.size <= HELD:
            return {key: picked(np.concatenate(some), ranks_of) for key, some in self.held.items()}
        wanted = {key: _Bins(counts, sorted(ranks_of(int(counts.sum())))) for key, counts in self.counts.items()}
        for key, values in again():
            if key not in wanted:
                return None
            wanted[key].add(values)
        whole = all(bins.complete for bins in wanted.values())
        return {key: bins.picked() for key, bins in wanted.items()} if whole else None


class _Bins:
    """The values of one group in the bins of its ranks."""

    def __init__(self, counts: Numbers, ranks: Sequence[int]) -> None:
        self.ranks = ranks
        self.upto = np.cumsum(counts)
        self.counts = counts
        self.bins = np.unique(np.searchsorted(self.upto, ranks))
        self.wanted = np.zeros(_BINS, dtype=bool)
        self.wanted[self.bins] = True
        self.near: list[Numbers] = []
        self.seen = 0

    def add(self, values: Numbers) -> None:
        self.seen += len(values)
        self.near.append(values[self.wanted[_bins(values)]])

    @property
    def complete(self) -> bool:
        """Tell whether the values were those that were counted before."""
        return self.seen == int(self.upto[-1]) and sum(map(len, self.near)) == int(self.counts[self.bins].sum())

    def picked(self) -> Picked:
        n = int(self.upto[-1])
        # Bins stand in the order of their values: the first of these lies behind all that is in smaller bins.
        ordered = np.sort(np.concatenate(self.near)) if self.near else np.empty(0, dtype=np.int64)
        found, before = {}, 0
        for one in self.bins:
            below = int(self.upto[one] - self.counts[one])
            found.update(
                {rank: int(ordered[before + rank - below - 1]) for rank in self.ranks if below < rank <= self.upto[one]}
            )
            before += int(self.counts[one])
        return Picked(n, found)


def _bins(values: Numbers) -> Numbers:
    """Give the bin of each value: exponent and first bits of the float next to it; what is not positive is in bin 0."""
    told = values.astype(np.float64).view(np.int64) >> (52 - _BITS)
    found: Numbers = np.maximum(told - (_ONE - 1), 0)
    return found
