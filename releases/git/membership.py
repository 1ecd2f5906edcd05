"""Which commits are in which releases: one pass over the history, a bitset of releases handed from child to parent.

A commit is in a release when the release's commit is it or descends from it, along every parent: just what
`git rev-list <tag>` lists. Commits in exactly the same releases form a class; there are few of those.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from releases.git.run import Mirror

_ID: Final = 40  # the digits of an id


class Propagation:
    """The pass itself, over lines of `rev-list --topo-order --parents`: an id and those of its parents.

    `bits_of` holds the releases of each commit met so far; `pending` those handed down to commits not yet met:
    after the last line, to those where the pass was told to stop.
    """

    def __init__(self, tips: Mapping[bytes, int]) -> None:
        self.bits_of: dict[bytes, int] = {}
        self.pending: dict[bytes, int] = dict(tips)

    def add(self, lines: Iterable[bytes]) -> None:
        """Meet the next commits; every child of one must have been met before it."""
        bits_of, pending = self.bits_of, self.pending
        hand_out, waiting = pending.pop, pending.get
        for line in lines:
            sha = line[:_ID]
            bits_of[sha] = bits = hand_out(sha, 0)
            if not bits:
                continue
            if len(line) == 2 * _ID + 1:  # one parent, as most have: without a split
                parent = line[_ID + 1 :]
                pending[parent] = waiting(parent, 0) | bits
            else:
                for parent in line[_ID + 1 :].split():
                    pending[parent] = waiting(parent, 0) | bits


def membership(mirror: Mirror, releases: Mapping[int, str]) -> dict[bytes, int]:
    """Give the bitset of every commit that is in at least one release; `releases` maps bit number → commit.

    Bit n of the answer is set when the commit is in the release with that number.
    """
    return propagate(mirror, releases).bits_of if releases else {}


def propagate(mirror: Mirror, releases: Mapping[int, str], *, without: Iterable[str] = ()) -> Propagation:
    """Give the pass over what `releases` reach, and the commits `without` do not."""
    tips: dict[bytes, int] = {}
    for bit, sha in releases.items():
        tips[sha.encode()] = tips.get(sha.encode(), 0) | 1 << bit
    propagation = Propagation(tips)
    mirror.run(
        "rev-list", "--topo-order", "--parents", "--ignore-missing", "--stdin",
        stdin=[*(sha.decode() for sha in tips), *(f"^{sha}" for sha in without)], sink=_Lines(propagation),
    )  # fmt: skip
    return propagation


class _Lines:
    """Splits git's output into lines, whatever the pieces it arrives in."""

    def __init__(self, propagation: Propagation) -> None:
        self._propagation = propagation
        self._tail = b""

    def write(self, chunk: bytes, /) -> int:
        lines = (self._tail + chunk).split(b"\n")
        self._tail = lines.pop()
        self._propagation.add(lines)
        return len(chunk)


def from_graph(parents_of: Mapping[bytes, Sequence[bytes]], releases: Mapping[int, bytes]) -> dict[bytes, int]:
    """Give what `membership` gives, from a stored graph in any order (for commits that a mirror has lost)."""
    bits_of: dict[bytes, int] = {}
    for bit, tip in releases.items():
        waiting = [tip]
        while waiting:
            sha = waiting.pop()
            if sha in parents_of and not bits_of.get(sha, 0) >> bit & 1:
                bits_of[sha] = bits_of.get(sha, 0) | 1 << bit
                waiting += parents_of[sha]
    return bits_of
