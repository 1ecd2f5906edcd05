"""Bundles: a history in one file, for sites without a line to the git host.

A bundle made with `--filter=tree:0` holds commits and tags only and goes straight into the mirror. Any other is taken
apart in a repository of its own first, from which the mirror takes what it takes from every origin: never a file.
"""

import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from releases.git.environment import Access
from releases.git.errors import N_, GitRefused, GitTooLarge
from releases.git.mirror import bring, ensure_mirror, size_of
from releases.git.run import Watch, open_mirror

MAX_LINE: Final = 4096
MAX_LINES: Final = 200_000
TREELESS: Final = b"@filter=tree:0"
_SIGNATURES: Final = (b"# v2 git bundle", b"# v3 git bundle")
_CAPABILITIES: Final = frozenset({b"@object-format=sha1", TREELESS})
_LINE: Final = re.compile(rb"-?[0-9a-f]{40}( [^\0]*)?")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the pack: whether files were left out, how many refs it brings, what it builds upon."""

    treeless: bool
    refs: int
    prerequisites: int


def read_header(path: Path) -> Header:
    """Read the text at the beginning of the bundle; raises GitRefused, saying what is wrong with it."""
    refs = prerequisites = 0
    treeless = False
    with path.open("rb") as file:
        if file.readline(MAX_LINE).rstrip(b"\n") not in _SIGNATURES:
            raise GitRefused(
                N_("This is no git bundle. Make one with: git bundle create FILE --filter=tree:0 --branches --tags")
            )
        for _number in range(MAX_LINES):
            line = file.readline(MAX_LINE)
            if line == b"\n":
                if not refs:
                    raise GitRefused(N_("The bundle names no branch and no tag."))
                return Header(treeless, refs, prerequisites)
            line = line.removesuffix(b"\n")
            if line.startswith(b"@") and line in _CAPABILITIES:
                treeless = treeless or line == TREELESS
            elif not _LINE.fullmatch(line):
                raise GitRefused(N_("The bundle's header has a line that is not known here: %(line)s"),
                                 line=repr(line[:60]))  # fmt: skip
            elif line.startswith(b"-"):
                prerequisites += 1
            else:
                refs += 1
    raise GitRefused(N_("The bundle's header has no end."))


def fetch_bundle(path: Path, bundle: Path, limits: Access, *, watch: Watch | None = None) -> Access:
    """Bring what the bundle holds into the mirror at `path`; what it does not name stays as it is.

    Gives the way to the bundle as an origin. Raises GitRefused for what is no usable bundle, GitError and its kinds.
    """
    if bundle.stat().st_size > limits.max_bytes:
        raise GitTooLarge(N_("A bundle has at most %(size)s MB."), size=limits.max_bytes >> 20)
    header = read_header(bundle)
    access = replace(limits, url=str(bundle), local=bundle)
    if header.treeless:
        ensure_mirror(path, access)
        with open_mirror(path, access) as mirror:
            mirror.run("bundle", "verify", "--quiet", str(bundle))
        bring(path, access, prune=False, watch=watch)
        return access
    if header.prerequisites:
        raise GitRefused(
            N_("A bundle that builds upon an earlier one is made with: git bundle create FILE --filter=tree:0 …")
        )
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-bundle-") as folder:
        whole = Path(folder) / "whole.git"
        ensure_mirror(whole, access)
        with open_mirror(whole, access) as apart:
            apart.run("bundle", "verify", "--quiet", str(bundle))
        bring(whole, access, prune=False, watch=watch)
        assert size_of(whole) <= limits.max_bytes  # it was bounded on the way
        bring(path, replace(limits, url=str(whole), local=whole), prune=False, watch=watch)
    return access
