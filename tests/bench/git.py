"""How fast histories come in, beside git itself: `python -m tests.bench.git [COMMITS [TAGS]]`.

The history is made here: commits in a row with merges, keys in the messages, and tags. Every floor runs on the same
mirror, in turn with ours. Reading a history costs `git log` with our very format. Storing it has PostgreSQL's part on
top: the least that any way of it can take is `git log` beside a COPY of the finished rows into the same table, both at
once, with nothing of ours between them. Contents are measured against one `rev-list`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from tests.bench import ground
from tests.bench.costs import Cost, cost, in_turn, median, ratio
from tests.bench.history import by_hand, git, git_log, git_log_memory, make_history

ROUNDS: Final = 5


def main(count: int = 50_000, tags: int = 300) -> None:
    """Make a history, then measure."""
    with ground.database() as folder:
        from django.conf import settings

        from tests.cast import assemble

        settings.FIELDLOOP_GIT_FILE_ROOTS = [folder]
        os.environ["FIELDLOOP_GIT_FILE_ROOTS"] = str(folder)
        cast = assemble()
        origin = folder / "origin.git"
        more = count // 10
        make_history(origin, 1, count, every=count // tags)
        load = os.getloadavg()[0]
        sys.stdout.write(f"{count:,} commits, {tags} tags; then {more:,} commits, 3 tags more; load {load:.1f}\n")
        repository, mirror = first(folder, origin, cast.radio, count)
        memory(repository, cast.autopilot, mirror)
        pieces(repository, mirror)
        contents(repository, mirror)
        incremental(repository, mirror, count, more)


def first(folder: Path, origin: Path, component: Any, count: int) -> tuple[Any, Path]:
    """Measure the first fetch, all of it, against git's own commands for it."""
    from foundation.accounts.actors import SYSTEM
    from releases.actions.fetch_repository import fetch_repository
    from releases.mirrors import mirror_path
    from releases.models import Commit, Release

    repository = registered(component, origin, "Bench")
    whole = cost(lambda: fetch_repository(actor=SYSTEM, repository=repository))
    assert Commit.objects.count() == count
    assert Release.objects.filter(content_classes__commits__isnull=False).distinct().count() >= 300
    say(
        "first fetch, all of it", whole, cost(lambda: by_hand(folder, origin)), "git fetch, commit-graph, rev-list, log"
    )
    return repository, mirror_path(repository)


def memory(repository: Any, component: Any, mirror: Path) -> None:
    """Measure what a process that does nothing but fetch comes to, against one that does nothing and against git."""
    other = registered(component, Path(repository.url), "Again")
    held = {what: int(subprocess.check_output([sys.executable, "-m", "tests.bench.once", str(other.pk), what]))
            for what in ("nothing", "fetch")}  # fmt: skip
    beyond = held["fetch"] - held["nothing"]
    log = f"git log itself holds {megabytes(git_log_memory(mirror))}; aim: at most 100 MB beyond it"
    ground.say("… memory of a process beyond doing nothing", megabytes(beyond), megabytes(held["nothing"]), log)


def pieces(repository: Any, mirror: Path) -> None:
    """Measure reading alone, and reading and storing, against `git log`, and it beside a COPY of finished rows."""
    from django.db import connection

    from foundation.kit import clock
    from releases.git.history import read_history, shape_history
    from releases.git.refs import snapshot
    from releases.git.run import open_mirror
    from releases.ingest import Ingest
    from releases.mirrors import mirror_access
    from releases.models import Fetch

    other = Path(repository.url).with_name("other.git")
    subprocess.run(["git", "init", "--quiet", "--bare", str(other)], check=True)
    empty = registered(repository.component, other, "Empty")

    def ingest() -> Ingest:
        return Ingest(Fetch.objects.create(repository=empty, at=clock.now()), class_of=lambda shas: [b""] * len(shas))

    def store() -> None:
        with ingest() as taking:
            for rows in shape_history(opened, new=tips, shape=taking.rows):
                taking.take(rows)

    def bare() -> None:
        with ThreadPoolExecutor(1) as beside:
            log = beside.submit(git_log, mirror)
            with ingest() as taking:
                for rows in finished:
                    taking.take(rows)
            log.result()

    def clear() -> None:
        if not empty.commits.exists():
            return
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM releases_commit WHERE repository_id = %s", [empty.pk])
            cursor.execute("VACUUM releases_commit")

    with open_mirror(mirror, mirror_access()) as opened:
        tips = [ref.commit for ref in snapshot(opened).values()]
        shaping = ingest()
        finished = list(shape_history(opened, new=tips, shape=shaping.rows))
        ours, log = in_turn(
            [lambda: sum(len(c.sha) for c in read_history(opened, new=tips)), lambda: git_log(mirror)], rounds=ROUNDS
        )
        say("streamed and split into columns", median(ours), median(log), "git log", ratio(ours, log))
        ours, log, least = in_turn([store, lambda: git_log(mirror), bare], rounds=ROUNDS, after=clear)
        say("streamed, split and stored", median(ours), median(log), "git log", ratio(ours, log))
        say("streamed, split and stored", median(ours), median(least), "git log beside COPY", ratio(ours, least))
        say("… the least there is", median(least), median(log), "git log beside COPY / git log", ratio(least, log))
        sys.stdout.write(f"    stored: {median(ours)}\n    git log: {median(log)}\n    the least: {median(least)}\n")
        free = median(ours).overlapped, median(log).processors
        sys.stdout.write(f"    on two free processors, by these: {free[0] / free[1]:.2f} times git log\n")


def contents(repository: Any, mirror: Path) -> None:
    """Measure the membership of all releases against one pass of `rev-list`."""
    from releases.git.membership import membership
    from releases.git.run import open_mirror
    from releases.mirrors import mirror_access
    from releases.parts import tips_of

    tips = {bit: sha for bit, (_pk, sha) in enumerate(tips_of(repository))}
    with open_mirror(mirror, mirror_access()) as opened:
        for order in ([], ["--topo-order"]):
            ours, floor = in_turn(
                [lambda: membership(opened, tips), lambda: git(mirror, "rev-list", "--all", *order, "--parents")],  # noqa: B023
                rounds=ROUNDS,
            )
            what = " ".join(["one git rev-list", *order])
            say(f"membership of {len(tips)} releases", median(ours), median(floor), what, ratio(ours, floor))


def incremental(repository: Any, mirror: Path, count: int, more: int) -> None:
    """Measure fetches that bring some, one after the other, and some that bring nothing."""
    from foundation.accounts.actors import SYSTEM
    from releases.actions.fetch_repository import fetch_repository

    steps: dict[str, float] = {}

    def note(step: str, _done: int, _total: int = 0, /) -> None:
        steps.setdefault(step, perf_counter())

    def fetch(progress: Callable[..., None] = note) -> None:
        fetch_repository(actor=SYSTEM, repository=repository, progress=progress)

    wholes, stored, floors = [], [], []
    for start in range(count, count + ROUNDS * more, more):
        old = git(mirror, "rev-parse", "refs/heads/main").decode().strip()
        make_history(Path(repository.url), start + 1, start + more, every=more // 3)
        steps.clear()
        wholes.append(cost(fetch))
        stored.append(Cost(steps["releases"] - steps["commits"], 0, 0, 0))
        (known,) = in_turn([lambda: git_log(mirror, f"^{old}")], rounds=ROUNDS)  # noqa: B023 -- called at once
        floors.append(median(known))
    whole, floor = median(wholes), median(floors)
    say(f"{more:,} more: fetch, store, releases, notes", whole, floor, "git log of them")
    sys.stdout.write(f"    whole: {whole}\n    git log: {floor}\n")
    say("… from the mirror to the last commit stored", median(stored), floor, "git log of them", ratio(stored, floors))
    nothing = statistics.median(ground.seconds(fetch) for _ in range(ROUNDS))
    asked = statistics.median(ground.seconds(lambda: git(mirror, "ls-remote", repository.url)) for _ in range(ROUNDS))
    say("a look that finds nothing new", Cost(nothing, 0, 0, 0), Cost(asked, 0, 0, 0), "git ls-remote")


def registered(component: Any, origin: Path, name: str) -> Any:
    """Give a new repository of the component."""
    from foundation.accounts.actors import SYSTEM
    from releases.actions.add_repository import add_repository

    return add_repository(actor=SYSTEM, component=component, url=str(origin), name=name)


def megabytes(size: int) -> str:
    """Give bytes as people read them."""
    return f"{size / 1e6:.0f} MB"


def say(work: str, ours: Cost, floor: Cost, what: str, times: float | None = None) -> None:
    """Print one line of figures."""
    times = times or ours.wall / floor.wall
    ground.say(work, f"{ours.wall * 1000:,.0f} ms", f"{floor.wall * 1000:,.0f} ms", f"{times:.2f} times ({what})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
