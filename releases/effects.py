"""What is in effect at a commit when some commits take others back and some bring them again. Pure.

Each commit that is taken back or brought again stands for a *change*. A revert turns it off, a revert of the revert
and a copy (a cherry-pick) turn it on, and a merge joins two lines as git joins their files: where the two differ,
the side that differs from where they parted wins. Changes are bits of one number, so that one pass serves them all.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_BROUGHT = 2000
_DEEPEST = 20
_STALE = 4

Graph = Mapping[str, Sequence[str]]
Effects = dict[str, bool]
Moves = list[tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Net:
    """What one release's commit has: `on` and `met` are bits of changes and of event commits."""

    on: int
    met: int


def effects_of(
    reverts: Mapping[str, Sequence[str]],
    copies: Mapping[str, Sequence[str]],
    *,
    brought: Callable[[str], Sequence[str]] = lambda sha: (sha,),
) -> dict[str, Effects]:
    """Give for every commit that a relation names: change → whether the commit turns it on.

    A change is called by the commit that made it first. `brought` gives what a commit stands for: itself, and for
    a merge all that came with it.
    """
    found: dict[str, Effects] = {}
    open_: set[str] = set()

    def one(sha: str) -> Effects:
        if sha in found:
            return found[sha]
        if sha in open_ or len(open_) > 500:  # a circle, or a tower of reverts: then it stands for itself
            return {sha: True}
        open_.add(sha)
        mine: Effects = {}
        for other in copies.get(sha, ()):
            mine |= all_of(other)
        for other in reverts.get(sha, ()):
            mine |= {change: not on for change, on in all_of(other).items()}
        open_.discard(sha)
        found[sha] = mine or {sha: True}
        return found[sha]

    def all_of(sha: str) -> Effects:
        parts = (sha,) if sha in reverts or sha in copies else brought(sha)
        joined: Effects = {}
        for part in parts:
            joined |= one(part)
        return joined

    for sha in [*copies, *reverts]:
        one(sha)
    return found


@dataclass(slots=True)
class History:
    """A graph of commits, parents before children, for questions about its lines."""

    graph: Graph
    order: list[str] = field(init=False)
    place: dict[str, int] = field(init=False)
    parents: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.order = _parents_first(self.graph)
        self.place = {sha: number for number, sha in enumerate(self.order)}
        place = self.place
        self.parents = [[place[p] for p in dict.fromkeys(self.graph[sha]) if p in place] for sha in self.order]

    def brought(self, sha: str) -> Sequence[str]:
        """Give what a merge brought to its first parent, the merge's own commit among it; else the commit itself."""
        number = self.place.get(sha)
        if number is None or len(self.parents[number]) < 2:
            return (sha,)
        first, *others = self.parents[number]
        flags = self._painted([first], others)
        return (sha, *(self.order[n] for n, flag in sorted(flags.items())[-MOST_BROUGHT:] if flag == 2))

    def ancestors(self, sha: str) -> set[str]:
        """Give the commit and all that it descends from."""
        start = self.place.get(sha)
        seen: set[int] = set()
        stack = [] if start is None else [start]
        while stack:
            number = stack.pop()
            if number not in seen:
                seen.add(number)
                stack += self.parents[number]
        return {self.order[number] for number in seen}

    def bases(self, one: int, other: int) -> list[int]:
        """Give the best common ancestors of two commits."""
        result: list[int] = []
        self._painted([one], [other], result)
        return result

    def _painted(self, ones: Iterable[int], others: Iterable[int], bases: list[int] | None = None) -> dict[int, int]:
        """Walk down from both sides until only what both have is left: 1 and 2 the sides, 3 both."""
        flags: dict[int, int] = {}
        for side, starts in ((1, ones), (2, others)):
            for start in starts:
                flags[start] = flags.get(start, 0) | side
        heap = [-number for number in flags]
        heapq.heapify(heap)
        fresh = len(heap)  # of those in the heap, the ones that are not below a common ancestor
        while heap and fresh:
            number = -heapq.heappop(heap)
            flag = flags[number]
            if flag < _STALE:
                fresh -= 1
            if flag == 3:
                if bases is not None:
                    bases.append(number)
                flag |= _STALE
            for parent in self.parents[number]:
                before = flags.get(parent)
                after = (before or 0) | flag
                if before is None:
                    heapq.heappush(heap, -parent)
                    fresh += after < _STALE
                elif before < _STALE <= after:
                    fresh -= 1
                flags[parent] = after
        return flags

    def whole(self, reverts: Mapping[str, Sequence[str]], copies: Mapping[str, Sequence[str]]) -> dict[str, Moves]:
        """Give the commits that take back or bring again a merge: what that amounts to, only its files tell.

        Also those that do so with such a commit. Each with (the other commit, whether it is taken back).
        """
        found: dict[str, Moves] = {}
        for sha in self.order:
            moves = [(other, True) for other in reverts.get(sha, ())] + [
                (other, False) for other in copies.get(sha, ())
            ]
            known = [(self.place[other], back) for other, back in moves if other in self.place]
            merges = any(len(self.parents[other]) > 1 or self.order[other] in found for other, _back in known)
            # What stands later in the order is on another line, where nothing was settled yet.
            if merges and all(other < self.place[sha] for other, _back in known):
                found[sha] = known
        return found

    def net(
        self,
        events: Mapping[str, tuple[int, int]],
        tips: Mapping[int, str],
        whole: Mapping[str, Moves] | None = None,
    ) -> dict[int, Net]:
        """Give for each of `tips` (any number → commit) what is on there and which of `events` it descends from.

        An event is (bits turned on, bits turned off); events are numbered in the order of the mapping. Those of
        `whole` move what the other commit moved instead.
        """
        moves_of = {self.place[sha]: moves for sha, moves in (whole or {}).items()}
        bit_of = {self.place[sha]: 1 << number for number, sha in enumerate(events) if sha in self.place}
        masks = {self.place[sha]: mask for sha, mask in events.items() if sha in self.place}
        left = [0] * len(self.order)  # how many children still want what this commit has met
        for line in self.parents:
            for parent in line:
                left[parent] += 1
        wanted = {self.place[sha] for sha in tips.values() if sha in self.place}
        state: list[int] = [0] * len(self.order)
        met: dict[int, int] = {}
        for number, line in enumerate(self.parents):
            merged = self._merged(line, state)
            if number in moves_of:
                for other, back in moves_of[number]:
                    before = state[self.parents[other][0]] if self.parents[other] else 0
                    moved = state[other] ^ before
                    merged = (merged & ~moved) | ((before if back else state[other]) & moved)
            elif number in masks:
                on, off = masks[number]
                merged = (merged & ~off) | on
            state[number] = merged
            have = bit_of.get(number, 0)
            for parent in line:
                have |= met.get(parent, 0)
                left[parent] -= 1
                if not left[parent] and parent not in wanted:
                    met.pop(parent, None)
            if have:
                met[number] = have
        return {
            tip: Net(state[self.place[sha]], met.get(self.place[sha], 0))
            for tip, sha in tips.items()
            if sha in self.place
        }

    def _merged(self, line: Sequence[int], state: Sequence[int]) -> int:
        if not line:
            return 0
        merged = state[line[0]]
        for other in line[1:]:
            if state[other] != merged:
                base = self._base(line[0], other, state, _DEEPEST)
                merged = _three_way(merged, state[other], base)
        return merged

    def _base(self, one: int, other: int, state: Sequence[int], depth: int) -> int:
        """Give the state from which two lines parted; of several such places, theirs merged (as git does)."""
        bases = self.bases(one, other)
        if not bases:
            return 0
        joined = state[bases[0]]
        for further in bases[1:]:
            if state[further] != joined:
                below = self._base(bases[0], further, state, depth - 1) if depth else joined & state[further]
                joined = _three_way(joined, state[further], below)
        return joined


def _three_way(ours: int, theirs: int, base: int) -> int:
    """Join bit by bit: what both say; where they differ, the one that is not as it was."""
    return (ours & theirs) | ((ours ^ theirs) & ~base)


def _parents_first(graph: Graph) -> list[str]:
    """Order the commits so that every parent stands before its children. A circle (no git makes one) is left out."""
    children: dict[str, list[str]] = {}
    missing: dict[str, int] = {}
    ready: list[str] = []
    for sha, parents in graph.items():
        known = [parent for parent in dict.fromkeys(parents) if parent in graph]
        missing[sha] = len(known)
        for parent in known:
            children.setdefault(parent, []).append(sha)
        if not known:
            ready.append(sha)
    order: list[str] = []
    while ready:
        sha = ready.pop()
        order.append(sha)
        for child in children.get(sha, ()):
            missing[child] -= 1
            if not missing[child]:
                ready.append(child)
    return order
