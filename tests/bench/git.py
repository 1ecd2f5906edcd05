"""How fast histories come in, beside git itself: `python -m tests.bench.git [COMMITS [TAGS]]`.

The history is made here: commits in a row with merges, keys in the messages, and tags. Every floor runs on the same
mirror, in turn with ours. Reading a history costs `git log` with our very format; storing it has PostgreSQL's part
on top, so what a bare COPY of the same bytes takes is shown beside it. Contents are measured against one `rev-list`,
and the whole against the same commands of git run by hand.
"""

import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from tests.bench import ground

KEYS: Final = 500
ROUNDS: Final = 5


def main(count: int = 50_000, tags: int = 300) -> None:
    """Make a history, then measure."""
    with ground.database() as folder:
        from django.conf import settings

        settings.FIELDLOOP_GIT_FILE_ROOTS = [folder]
        origin = folder / "origin.git"
        more = count // 10
        make_history(origin, 1, count, every=count // tags)
        sys.stdout.write(f"{count:,} commits, {tags} tags; then {more:,} commits, 3 tags more\n")
        repository, mirror = first(folder, origin, count)
        pieces(repository, mirror)
        contents(repository, mirror)
        make_history(origin, count + 1, count + more, every=more // 3)
        incremental(repository, mirror, more)


def make_history(path: Path, start: int, end: int, *, every: int) -> None:
    """Write commits `start` to `end` through fast-import: every tenth merges a side, every `every`th has a tag."""
    lines = []
    for number in range(start, end + 1):
        message = f"Change {number}\n\nMeasured on the bench.\n\nRefs: ENG-{number % KEYS + 1}\n".encode()
        who = f"A <a@example.org> {1_600_000_000 + number * 60}"
        lines.append(
            f"commit refs/heads/main\nmark :{number}\nauthor {who} +0000\n"
            f"committer {who} +0000\ndata {len(message)}\n".encode()
        )
        lines.append(message + b"\n")
        if number > start:
            lines.append(f"from :{number - 1}\n".encode())
        elif start > 1:
            lines.append(b"from refs/heads/main^0\n")
        if number > start + 20 and number % 10 == 0:
            lines.append(f"merge :{number - 7}\n".encode())
        if number % every == 0:
            lines.append(f"reset refs/tags/v1.{number}\nfrom :{number}\n".encode())
    if start == 1:
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    subprocess.run(
        ["git", f"--git-dir={path}", "fast-import", "--quiet", "--done"],
        input=b"".join(lines) + b"done\n",
        check=True,
    )


def first(folder: Path, origin: Path, count: int) -> tuple[Any, Path]:
    """Measure the first fetch, all of it, against git's own commands for it."""
    from foundation.accounts.actors import SYSTEM
    from releases.actions.add_repository import add_repository
    from releases.actions.fetch_repository import fetch_repository
    from releases.mirrors import mirror_path
    from releases.models import Commit, Release
    from tests.cast import assemble

    repository = add_repository(actor=SYSTEM, component=assemble().radio, url=str(origin), name="Bench")
    steps: dict[str, float] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = perf_counter()
    fetch_repository(actor=SYSTEM, repository=repository, progress=noting(steps))
    whole = perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert Commit.objects.count() == count
    assert Release.objects.filter(content_classes__commits__isnull=False).distinct().count() >= 300
    mirror = mirror_path(repository)
    by_hand = ground.seconds(lambda: git_by_hand(folder, origin))
    beside = ground.seconds(lambda: git_log(mirror))
    say("first fetch, all of it", whole, by_hand, "git fetch, commit-graph, rev-list, log")
    say("… from the mirror to the last commit stored", steps["releases"] - steps["commits"], beside, "git log")
    ground.say("… memory beyond what the process had", f"{grown >> 10} MB", "–", "aim: at most 100 MB beside git's own")
    return repository, mirror


def pieces(repository: Any, mirror: Path) -> None:
    """Measure reading alone, and reading and storing; the floors are `git log`, and it with a bare COPY."""
    from django.db import connection, transaction

    from foundation.kit import clock
    from releases.git.history import FORMAT, read_history, shape_history
    from releases.git.refs import snapshot
    from releases.git.run import open_mirror
    from releases.ingest import Ingest
    from releases.mirrors import mirror_access
    from releases.models import Fetch

    with open_mirror(mirror, mirror_access()) as opened:
        tips = [ref.commit for ref in snapshot(opened).values()]
        ours, floor = in_turn(lambda: sum(len(c.sha) for c in read_history(opened, new=tips)), lambda: git_log(mirror))
        say("streamed and split into columns", ours, floor, "git log")

        def store() -> None:
            with transaction.atomic():
                fetch = Fetch.objects.create(repository=empty, at=clock.now())
            with Ingest(fetch, class_of=lambda shas: [b""] * len(shas)) as ingest:
                for rows in shape_history(opened, new=tips, shape=ingest.rows):
                    ingest.take(rows)

        def clear() -> None:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM releases_commit WHERE repository_id = %s", [empty.pk])
                cursor.execute("VACUUM releases_commit")

        def plain_copy() -> None:
            shown = subprocess.run(
                git_log_command(mirror, FORMAT.replace("%x00", "%x1f")), capture_output=True, check=True
            )
            with connection.cursor() as cursor, cursor.cursor.copy("COPY bench_plain FROM STDIN (FORMAT csv, "
                "DELIMITER E'\\x02', QUOTE E'\\x01')") as copy:  # fmt: skip
                copy.write(shown.stdout.replace(b"\n", b" ").replace(b"\0", b"\n"))

        empty = second_repository(repository)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_plain (line text)")
        ours, floor = in_turn(store, lambda: git_log(mirror), after=clear)
        say("streamed, split and stored", ours, floor, "git log")
        ours, floor = in_turn(store, plain_copy, after=clear)
        say("streamed, split and stored", ours, floor, "git log, then COPY of its lines")


def contents(repository: Any, mirror: Path) -> None:
    """Measure the membership of all releases against one pass of `rev-list`."""
    from releases.contents_update import tips_of
    from releases.git.membership import membership
    from releases.git.run import open_mirror
    from releases.mirrors import mirror_access

    tips = {bit: sha for bit, (_pk, sha) in enumerate(tips_of(repository))}
    with open_mirror(mirror, mirror_access()) as opened:
        ours, floor = in_turn(lambda: membership(opened, tips), lambda: git(mirror, "rev-list", "--all", "--parents"))
        say(f"membership of {len(tips)} releases", ours, floor, "one git rev-list")
        ours, floor = in_turn(
            lambda: membership(opened, tips), lambda: git(mirror, "rev-list", "--all", "--topo-order", "--parents")
        )
        say(f"membership of {len(tips)} releases", ours, floor, "one git rev-list --topo-order")


def incremental(repository: Any, mirror: Path, more: int) -> None:
    """Measure a fetch that brings some, and one that brings nothing."""
    from foundation.accounts.actors import SYSTEM
    from releases.actions.fetch_repository import fetch_repository

    old = git(mirror, "rev-parse", "refs/heads/main").decode().strip()
    steps: dict[str, float] = {}

    def fetch() -> None:
        fetch_repository(actor=SYSTEM, repository=repository, progress=noting(steps))

    whole = ground.seconds(fetch)
    floor = min(ground.seconds(lambda: git_log(mirror, f"^{old}")) for _ in range(ROUNDS))
    say(f"{more:,} more: fetch, store, releases, contents", whole, floor, "git log of them")
    say("… from the mirror to the last commit stored", steps["releases"] - steps["commits"], floor, "git log of them")
    nothing = statistics.median(ground.seconds(fetch) for _ in range(ROUNDS))
    floor = min(ground.seconds(lambda: git(mirror, "ls-remote", git_origin(repository))) for _ in range(ROUNDS))
    say("a look that finds nothing new", nothing, floor, "git ls-remote")


def noting(steps: dict[str, float]) -> Any:
    """Give a listener to progress that notes when each step began."""

    def note(step: str, _done: int, _total: int = 0, /) -> None:
        steps.setdefault(step, perf_counter())

    return note


def second_repository(repository: Any) -> Any:
    """Give a repository without a history, to store into."""
    from foundation.accounts.actors import SYSTEM
    from releases.actions.add_repository import add_repository

    other = Path(repository.url).with_name("other.git")
    subprocess.run(["git", "init", "--quiet", "--bare", str(other)], check=True)
    return add_repository(actor=SYSTEM, component=repository.component, url=str(other), name="Empty")


def git_by_hand(folder: Path, origin: Path) -> None:
    """Do with git alone what a first fetch asks of it."""
    from releases.git.mirror import FETCH, REFSPECS

    bare = folder / "by-hand.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    subprocess.run(["git", f"--git-dir={origin}", "config", "uploadpack.allowFilter", "true"], check=True)
    fsck = ["-c", "fetch.fsckObjects=true", "-c", f"remote.origin.url={origin.as_uri()}"]
    subprocess.run(["git", *fsck, f"--git-dir={bare}", *FETCH, "--prune", "origin", *REFSPECS], check=True)
    git(bare, "commit-graph", "write", "--reachable", "--split", "--no-progress")
    git(bare, "rev-list", "--all", "--topo-order", "--parents")
    git_log(bare)


def git_log_command(mirror: Path, form: str, *besides: str) -> list[str]:
    """Give the command that reads the very fields that we read."""
    return ["git", f"--git-dir={mirror}", "log", "--all", *besides, "-z", "--date=iso-strict-local", f"--format={form}"]


def git_log(mirror: Path, *besides: str) -> None:
    """Run it, and throw away what it says."""
    from releases.git.history import FORMAT

    subprocess.run(git_log_command(mirror, FORMAT, *besides), stdout=subprocess.DEVNULL, check=True)


def git(mirror: Path, *args: str) -> bytes:
    """Run git in the mirror."""
    return subprocess.run(["git", f"--git-dir={mirror}", *args], capture_output=True, check=True).stdout


def git_origin(repository: Any) -> str:
    """Give where the repository comes from."""
    return str(repository.url)


def in_turn(
    ours: Callable[[], Any], floor: Callable[[], Any], *, after: Callable[[], Any] = lambda: None
) -> tuple[float, float]:
    """Give the best of both in seconds, run in turn: what the machine takes from either is no part of it."""
    mine, theirs = [], []
    for _round in range(ROUNDS):
        mine.append(ground.seconds(ours))
        after()
        theirs.append(ground.seconds(floor))
    return min(mine), min(theirs)


def say(work: str, ours: float, floor: float, what: str) -> None:
    """Print one line of figures."""
    ground.say(work, f"{ours * 1000:,.0f} ms", f"{floor * 1000:,.0f} ms", f"{ours / floor:.2f} times ({what})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
