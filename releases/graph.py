"""The graph of a component's tags and branches: everything between them left out, in lanes by topology. Pure."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from releases.effects import History

_FORKS: Final = 200


@dataclass(frozen=True, slots=True)
class Node:
    """A commit that is shown: its row from the top, its lane from the left, the rows and lanes of what it stands on."""

    sha: str
    row: int
    lane: int
    below: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """All nodes, newest first, and how many lanes they take."""

    nodes: list[Node]
    lanes: int


def draw(
    graph: Mapping[str, Sequence[str]],
    marked: Collection[str],
    *,
    trunk: str = "",
    age: Callable[[str], float] = lambda _sha: 0.0,
) -> Drawing:
    """Give the drawing of `graph` reduced to the marked commits and the places where their lines part.

    The line of `trunk` (the default branch's tip) takes the first lane. What no line orders stands in the order of
    `age`, the youngest on top.
    """
    history = History(graph)
    places = {history.place[sha] for sha in marked if sha in history.place}
    stands_on = _condensed(history, places)
    forks = _forks(history, stands_on)
    if forks - places:
        stands_on = _condensed(history, places | forks)
    ages = {place: age(history.order[place]) for place in stands_on}
    return _laid_out(history, stands_on, history.place.get(trunk, -1), ages)


def _condensed(history: History, places: set[int]) -> dict[int, list[int]]:
    """Give, for each marked commit, the nearest marked ones that it descends from, first parents' lines first."""
    bit = {place: 1 << number for number, place in enumerate(sorted(places))}
    at = sorted(places)
    near: list[int] = []  # for every commit, the bits of the nearest marked ones at or below it
    below: dict[int, int] = {}  # for a marked one, the bits of all marked ones below it
    result: dict[int, list[int]] = {}
    for number, parents in enumerate(history.parents):
        bits = 0
        for parent in parents:
            bits |= near[parent]
        if len(parents) > 1 and bits & (bits - 1):
            for place in _bits(bits):
                bits &= ~below[at[place]]
        if number in bit:
            first = near[parents[0]] if parents else 0
            ordered = sorted(_bits(bits), key=lambda place: (not first >> place & 1, -place))
            result[number] = [at[place] for place in ordered]
            everything = 0
            for place in _bits(bits):
                everything |= bit[at[place]] | below[at[place]]
            below[number] = everything
            bits = bit[number]
        near.append(bits)
    return result


def _forks(history: History, stands_on: Mapping[int, Sequence[int]]) -> set[int]:
    """Give the commits at which the lines of neighbours on the same commit part."""
    above: dict[int, list[int]] = {}
    for place, others in stands_on.items():
        for other in others:
            above.setdefault(other, []).append(place)
    found: set[int] = set()
    for children in above.values():
        for one, other in pairwise(children):
            if len(found) < _FORKS:
                found |= set(history.bases(one, other))
    return found


def _youngest_first(stands_on: Mapping[int, Sequence[int]], ages: Mapping[int, float]) -> list[int]:
    """Order the nodes: each below all that stand on it, and among those the youngest first."""
    waits = Counter(below for others in stands_on.values() for below in others)
    ready = [(ages[place], -place) for place in stands_on if not waits[place]]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        _age, place = heapq.heappop(ready)
        order.append(-place)
        for below in stands_on[-place]:
            waits[below] -= 1
            if not waits[below]:
                heapq.heappush(ready, (ages[below], -below))
    return order


def _laid_out(
    history: History, stands_on: Mapping[int, Sequence[int]], trunk: int, ages: Mapping[int, float]
) -> Drawing:
    """Give every node a row (newest first) and a lane (kept for the line that it continues)."""
    order = _youngest_first(stands_on, ages)
    rows = {place: row for row, place in enumerate(order)}
    lanes: dict[int, int] = {}
    waiting: list[int | None] = [trunk if trunk in stands_on else None]
    for place in order:
        mine = [lane for lane, wanted in enumerate(waiting) if wanted == place]
        lane = mine[0] if mine else _free(waiting)
        for other in mine[1:]:
            waiting[other] = None
        lanes[place] = lane
        waiting[lane] = None
        for number, below in enumerate(stands_on[place]):
            if below not in waiting:
                target = lane if number == 0 else _free(waiting)
                waiting[target] = below
    nodes = [
        Node(history.order[place], rows[place], lanes[place], tuple((rows[b], lanes[b]) for b in stands_on[place]))
        for place in order
    ]
    return Drawing(nodes, max(lanes.values(), default=0) + 1)


def _free(waiting: list[int | None]) -> int:
    if None in waiting[1:]:
        return waiting.index(None, 1)
    waiting.append(None)
    return len(waiting) - 1


def _bits(bits: int) -> list[int]:
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found
