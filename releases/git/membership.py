"""Which commits are in which releases: one pass over the history, a bitset of releases handed from child to parent.

A commit is in a release when the release's commit is it or descends from it, along every parent: just what
`git rev-list <tag>` lists. Commits in exactly the same releases form a class; there are few of those.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from releases.git.run import Mirror


@dataclass(slots=True)
class Propagation:
    """The pass itself. `pending` holds, for commits not yet met, the releases handed down to them so far."""

    pending: dict[bytes, int]
    bits_of: dict[bytes, int] = field(default_factory=dict)

    def add(self, sha: bytes, parents: Iterable[bytes]) -> None:
        """Meet the next commit; every child of it must have been met before (`--topo-order`)."""
        bits = self.pending.pop(sha, 0)
        self.bits_of[sha] = bits
        if bits:
            for parent in parents:
                self.pending[parent] = self.pending.get(parent, 0) | bits


class LineSink:
    """Splits the output of `rev-list --parents` into lines, whatever the pieces it arrives in."""

    def __init__(self, propagation: Propagation) -> None:
        self._propagation = propagation
        self._tail = b""

    def write(self, chunk: bytes, /) -> int:
        """Take the next bytes."""
        lines = (self._tail + chunk).split(b"\n")
        self._tail = lines.pop()
        add = self._propagation.add
        for line in lines:
            sha, *parents = line.split(b" ")
            add(sha, parents)
        return len(chunk)


def propagate(history: Iterable[tuple[bytes, Iterable[bytes]]], tips: Mapping[bytes, int]) -> dict[bytes, int]:
    """Give the bitset of releases of every commit in `history` (children before parents).

    `tips` maps a commit to the bits of the releases that are frozen at it.
    """
    propagation = Propagation(dict(tips))
    for sha, parents in history:
        propagation.add(sha, parents)
    return propagation.bits_of


def membership(mirror: Mirror, releases: Mapping[int, str]) -> dict[str, int]:
    """Give the bitset of every commit that is in at least one release; `releases` maps bit number → commit.

    Bit n of the answer is set when the commit is in the release with that number.
    """
    tips: dict[bytes, int] = {}
    for bit, sha in releases.items():
        tips[sha.encode()] = tips.get(sha.encode(), 0) | 1 << bit
    if not tips:
        return {}
    propagation = Propagation(tips)
    mirror.run(
        "rev-list", "--topo-order", "--parents", "--ignore-missing", "--stdin",
        stdin=[sha.decode() for sha in tips], sink=LineSink(propagation),
    )  # fmt: skip
    return {sha.decode(): bits for sha, bits in propagation.bits_of.items()}


def from_graph(parents_of: Mapping[str, Sequence[str]], releases: Mapping[int, str]) -> dict[str, int]:
    """Give what `membership` gives, from a stored graph in any order (for commits that a mirror has lost)."""
    bits_of: dict[str, int] = {}
    for bit, tip in releases.items():
        waiting = [tip]
        while waiting:
            sha = waiting.pop()
            if sha in parents_of and not bits_of.get(sha, 0) >> bit & 1:
                bits_of[sha] = bits_of.get(sha, 0) | 1 << bit
                waiting += parents_of[sha]
    return bits_of
