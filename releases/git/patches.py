"""Tells which commits make the same change, by git's patch id, where their files are here.

A mirror asks for no files; but a host that knows no filters sends them with the commits all the same.
"""

from collections.abc import Iterable

from releases.git.errors import GitError
from releases.git.run import Mirror


def patch_ids(mirror: Mirror, commits: Iterable[str]) -> dict[str, str]:
    """Give the patch id of each of these commits (40 digits) that changes a file.

    None of them where files of any are not here, or all their changes together are larger than git's output may be.
    """
    wanted = set(commits)
    try:
        # What is not here would be fetched by most commands; this one says so, and looks at the uppermost folders only.
        listed = mirror.run(
            "rev-list", "--objects", "--no-walk", "--filter=tree:1", "--missing=print", "--stdin",
            stdin=[f"{commit}{parent}" for commit in sorted(wanted) for parent in ("", "^@")],
        ).decode("ascii", "replace").split()  # fmt: skip
        if not wanted or any(name.startswith("?") for name in listed):
            return {}
        changes = mirror.run("diff-tree", "--stdin", "-p", "--no-ext-diff", "--no-textconv", stdin=sorted(wanted))
        told = mirror.run("patch-id", "--stable", stdin=changes)
    except GitError:  # too large, or deeper down a file is not here after all
        return {}
    return {commit: patch for patch, commit in (line.split() for line in told.decode("ascii").splitlines())}
