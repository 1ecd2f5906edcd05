"""Arrays in which the elements of a group (a ticket, a task) stand together, one group behind the other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnd.cycles.facts.columnar.reading import Mask, Numbers


def begins(*keys: NDArray[Any]) -> Mask:
    """Tell of each element whether it is the first one of its group: of those that are alike by all keys."""
    found = np.ones(len(keys[0]), bool)
    found[1:] = False
    for key in keys:
        found[1:] |= key[1:] != key[:-1]
    return found


def ends(*keys: NDArray[Any]) -> Mask:
    """Tell of each element whether it is the last one of its group."""
    found = np.ones(len(keys[0]), bool)
    found[:-1] = begins(*keys)[1:]
    return found


class Groups(NamedTuple):
    """The groups of an array: where each begins, how many elements it has, and of each element which group's it is."""

    first: Numbers
    size: Numbers
    whose: Numbers


def groups(key: Numbers) -> Groups:
    """Give the groups of elements that are alike."""
    first = np.flatnonzero(begins(key))
    size = np.diff(first, append=len(key))
    return Groups(first, size, np.repeat(np.arange(len(first)), size))


def firsts_of(counts: Numbers) -> Numbers:
    """Give where each group begins, from how many elements each has."""
    found: Numbers = np.cumsum(counts) - counts
    return found


def latest(where: Mask) -> Numbers:
    """Give the place of the last element up to each one for which `where` holds; -1 before the first."""
    found: Numbers = np.maximum.accumulate(np.where(where, np.arange(len(where)), -1))
    return found


def following(where: Mask) -> Numbers:
    """Give the place of the first element from each one on for which `where` holds; behind the last: their number."""
    places = np.where(where, np.arange(len(where)), len(where))
    found: Numbers = np.minimum.accumulate(places[::-1])[::-1]
    return found


def ranges(firsts: Numbers, counts: Numbers) -> Numbers:
    """Give the places first, first + 1 … of each range, one range behind the other."""
    found: Numbers = np.repeat(firsts - firsts_of(counts), counts) + np.arange(counts.sum())
    return found


def sums(groups: Numbers, values: Numbers | Mask, count: int) -> Numbers:
    """Give the exact sum of the values of each of `count` groups; they need not stand together."""
    found = np.zeros(count, np.int64)
    np.add.at(found, groups, values)
    return found


def least(values: Numbers, firsts: Numbers) -> Numbers:
    """Give the least value of each group, which begins at one of the places."""
    found: Numbers = np.minimum.reduceat(values, firsts) if len(firsts) else values[:0]
    return found


def most(values: Numbers, firsts: Numbers) -> Numbers:
    """Give the greatest value of each group, which begins at one of the places."""
    found: Numbers = np.maximum.reduceat(values, firsts) if len(firsts) else values[:0]
    return found


def found_in(ordered: Numbers, values: Numbers) -> Numbers:
    """Give the place of each value among those that are in order; -1 where it is not."""
    if not len(ordered):
        return np.full(len(values), -1)
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Numbers = np.where(ordered[place] == values, place, -1)
    return found
