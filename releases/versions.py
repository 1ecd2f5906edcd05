"""From tags to versions, and the order in which tags become releases. Pure."""

import heapq
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# What can stand in an address; "latest" is an address of its own.
VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+~-]{0,119}", re.ASCII)
RESERVED: Final = frozenset({"latest", "graph"})
_CANDIDATE: Final = re.compile(
    r"(?<![a-z])(?:(?:rc|alpha|beta|pre|preview|dev|nightly|snapshot)[-._]?\d*|[ab]\d+)(?![a-z0-9])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tip:
    """A tag that is to become a release: what it is called, and the commit it stands for.

    `imported`: it was made before the repository was registered.
    """

    tag: str
    target: str
    version: str
    sha: str
    imported: bool = False


def pattern_problem(pattern: str) -> str:
    """Give what is wrong with a tag pattern: "" (nothing), "syntax" or "groups" (it needs exactly one)."""
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return "syntax"
    return "" if compiled.groups == 1 else "groups"


def version_of(tag: str, pattern: str) -> str:
    """Give the version that the tag stands for, or "" where it is none."""
    matched = re.match(pattern, tag)
    version = (matched[1] or "") if matched else ""
    return version if VERSION.fullmatch(version) and version.lower() not in RESERVED else ""


def is_candidate(version: str) -> bool:
    """Tell whether the version is one before a final: 2.0-rc1, 1.4.0-beta, 3.0a2."""
    return _CANDIDATE.search(version) is not None


def natural(version: str) -> tuple[tuple[int, int, str], ...]:
    """Give a key that sorts 1.9 before 1.10, for tags that nothing else tells apart."""
    return tuple((0, int(p[:18]), "") if p.isdecimal() else (1, 0, p) for p in re.findall(r"\d+|[^\d]+", version))


def in_order(tips: Iterable[Tip], *, committed: Mapping[str, datetime], ancestors: Mapping[str, set[str]]) -> list[Tip]:
    """Order tags: what another contains comes before it; what nothing orders, by date and then by version.

    `ancestors` gives, for a commit, those of the other tagged commits that it descends from.
    """
    waiting: dict[str, list[Tip]] = {}
    for tip in tips:
        waiting.setdefault(tip.sha, []).append(tip)
    left = {sha: {other for other in ancestors.get(sha, ()) if other in waiting and other != sha} for sha in waiting}
    ready = [(committed[sha], sha) for sha, before in left.items() if not before]
    heapq.heapify(ready)
    result: list[Tip] = []
    while ready:
        _when, sha = heapq.heappop(ready)
        result += sorted(waiting[sha], key=lambda tip: (not is_candidate(tip.version), natural(tip.version)))
        for other, before in left.items():
            if sha in before:
                before.remove(sha)
                if not before:
                    heapq.heappush(ready, (committed[other], other))
    return result
