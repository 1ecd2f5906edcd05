"""A mirror: a bare repository with the commits and tags of a foreign one, and none of its files."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from releases.git.environment import LOCAL_SOURCE, Access, environment, forget_surroundings, local_source_config
from releases.git.errors import N_, GitError, GitMissing, GitTooLarge
from releases.git.refs import Ref
from releases.git.run import Mirror, Watch, open_mirror

import git  # isort: skip  (after the environment, which keeps it from failing at import)

REFSPECS: Final = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
# Every fetch that brings something leaves a pack; many packs slow every later command down.
MAX_PACKS: Final = 30
MAX_ODD_TAGS: Final = 500
FETCH: Final = (
    "fetch", "--quiet", "--no-tags", "--force", "--filter=tree:0", "--no-write-fetch-head",
    "--no-auto-maintenance", "--no-recurse-submodules", "--no-show-forced-updates", "--refmap=",
    "--update-shallow",
)  # fmt: skip


def ensure_mirror(path: Path, access: Access) -> None:
    """Make the mirror's folder where there is none yet, or only half of one."""
    if not is_whole(path):
        shutil.rmtree(path, ignore_errors=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made beside its place and moved there whole: a process that is killed leaves nothing half done.
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as made:
            _init(Path(made) / path.name, access)
            (Path(made) / path.name).rename(path)
    if access.local:
        (path / LOCAL_SOURCE).write_text(local_source_config(access.local), encoding="utf-8")


def is_whole(path: Path) -> bool:
    """Tell whether there is a repository that git would open."""
    try:
        return bool((path / "HEAD").read_bytes() and (path / "config").read_bytes()) and (path / "objects").is_dir()
    except OSError:
        return False


def _init(path: Path, access: Access) -> None:
    path.mkdir()
    forget_surroundings()
    runner = git.Git(path)
    runner.update_environment(**environment(path, access) | {"GIT_CONFIG_GLOBAL": "/dev/null"})
    try:
        # No template: the machine's could bring hooks.
        runner.execute(
            ["git", "init", "--quiet", "--bare", "--template=", str(path)],
            kill_after_timeout=60,
        )
    except git.GitCommandNotFound as error:
        raise GitMissing from error
    except git.GitCommandError as error:
        raise GitError(N_("Git said: %(words)s"), words=str(error.stderr)[:500]) from error


def fetch(path: Path, access: Access, *, watch: Watch | None = None) -> None:
    """Bring the mirror up to date with its origin: branches and tags, deleted ones too.

    Bounded in time and size; a broken fetch leaves no half pack behind. `watch` is told now and then how many bytes
    have come. Raises GitError or one of its kinds.
    """
    bring(path, access, prune=True, watch=watch)


def bring(path: Path, access: Access, *, prune: bool, watch: Watch | None = None) -> None:
    """Fetch as `fetch` does; without `prune`, what the origin does not have stays."""
    ensure_mirror(path, access)
    if size_of(path) > access.max_bytes:
        raise GitTooLarge(N_("The mirror has outgrown the %(size)s MB allowed for it."), size=access.max_bytes >> 20)
    remove_half_packs(path)
    told = watch or (lambda _bytes: None)
    with open_mirror(path, access) as mirror:
        try:
            _fetch_refs(mirror, prune=prune, look=lambda: told(_arrived(path)))
        except GitError as error:
            if any(file.stat().st_size >= access.max_bytes for file in _half_packs(path)):
                raise GitTooLarge(
                    N_("The repository sends more than the %(size)s MB allowed for one fetch."),
                    size=access.max_bytes >> 20,
                ) from error
            raise
        finally:
            remove_half_packs(path)
        if len(list((path / "objects" / "pack").glob("*.pack"))) > MAX_PACKS:
            mirror.run("repack", "-a", "-d", "-q")
        mirror.run("commit-graph", "write", "--reachable", "--split", "--no-progress")


def _arrived(path: Path) -> int:
    """Give the bytes of packs that are being written."""
    arrived = 0
    for file in _half_packs(path):
        with contextlib.suppress(FileNotFoundError):  # it has just become a whole one
            arrived += file.stat().st_size
    return arrived


def _fetch_refs(mirror: Mirror, *, prune: bool, look: Callable[[], None]) -> None:
    command = [*FETCH, *(["--prune"] if prune else ["--no-prune"]), "origin", *REFSPECS]
    most = mirror.access.max_bytes
    try:
        mirror.run_watched(*command, watch=look, max_file_bytes=most)
    except GitError as error:
        # A tag on a tree that some commit has too: the server leaves the tree out, git then asks for it singly.
        if "from promisor remote" not in str(error):
            raise
        without = [f"^{name}" for name in _tags_without_commit(mirror)]
        mirror.run_watched(*command, *without, watch=look, max_file_bytes=most)


def _tags_without_commit(mirror: Mirror) -> list[str]:
    """Give the origin's tags that stand for a tree or a file; call it when the objects have arrived."""
    targets: dict[str, str] = {}
    for line in mirror.run("ls-remote", "--tags", "origin").decode("utf-8", "surrogateescape").splitlines():
        sha, _tab, name = line.partition("\t")
        targets[name.removesuffix("^{}")] = sha  # the peeled line stands after the tag's own
    # `cat-file` with names given dies at the first promised object that is not here; listing all does not.
    listed = mirror.run("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname) %(objecttype)")
    commits = {line[:40].decode() for line in listed.splitlines() if line.endswith(b" commit")}
    return [name for name, sha in targets.items() if sha not in commits][:MAX_ODD_TAGS]


def keep(mirror: Mirror, shas: Iterable[str]) -> None:
    """Pin commits, so that a release outlives its tag: `refs/keep/<sha>` is never pruned.

    Those pinned already are left alone, and those that the mirror does not have are passed over.
    """
    loose = sorted(sha for sha in set(shas) if not (mirror.path / "refs" / "keep" / sha).exists())
    if not loose:
        return
    try:
        _pin(mirror, loose)
    except GitError:  # some are not here: then none was pinned
        here = mirror.run("rev-list", "--no-walk", "--ignore-missing", "--stdin", stdin=loose).decode().split()
        _pin(mirror, here)


def _pin(mirror: Mirror, shas: Iterable[str]) -> None:
    mirror.run("update-ref", "--stdin", stdin=[f"update refs/keep/{sha} {sha}" for sha in shas])


def origin_refs(mirror: Mirror) -> dict[str, Ref]:
    """Give every branch and tag that the origin has now, by asking it for nothing more.

    What a tag stands for that is no commit and has no object of its own is not told: it passes for one.
    """
    peeled: dict[str, str] = {}
    targets: dict[str, str] = {}
    for line in mirror.run("ls-remote", "--heads", "--tags", "origin").decode("utf-8", "backslashreplace").splitlines():
        sha, _tab, name = line.partition("\t")
        if name.endswith("^{}"):
            peeled[name.removesuffix("^{}")] = sha
        else:
            targets[name] = sha
    return {name: Ref(name, sha, peeled.get(name, sha)) for name, sha in targets.items()}


def default_branch(mirror: Mirror) -> str:
    """Give the branch that the origin's HEAD names, or "" where it names none."""
    for line in mirror.run("ls-remote", "--symref", "origin", "HEAD").decode("utf-8", "replace").splitlines():
        if line.startswith("ref: refs/heads/") and line.endswith("\tHEAD"):
            return line.removeprefix("ref: refs/heads/").removesuffix("\tHEAD")
    return ""


def size_of(path: Path) -> int:
    """Give the bytes of the mirror's packs."""
    return sum(file.stat().st_size for file in (path / "objects" / "pack").glob("*.pack"))


def remove_half_packs(path: Path) -> None:
    """Remove what a fetch that was stopped has left; the caller holds the repository's lock."""
    for file in _half_packs(path):
        file.unlink(missing_ok=True)
    for stale in (*path.glob("*.lock"), *(path / "objects" / "info").rglob("*.lock"), *(path / "refs").rglob("*.lock")):
        stale.unlink(missing_ok=True)


def _half_packs(path: Path) -> list[Path]:
    return list((path / "objects" / "pack").glob("tmp_*"))
