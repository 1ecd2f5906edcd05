"""The first ingest of a history beside `git log` over it (aim: at most 1.5 times): `python -m tests.bench.git [N]`.

The history is made here: commits in a row with merges, trailers and tags. Both read the same mirror; ours also
parses, stores each commit in PostgreSQL, and computes the contents of every release.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench import ground

TAG_EVERY = 400


def main(count: int = 20_000) -> None:
    """Make a history, then measure."""
    with ground.database() as folder:
        origin = folder / "origin.git"
        make_history(origin, count)
        tags = count // TAG_EVERY
        sys.stdout.write(f"{count:,} commits, {tags} tags\n")
        measure(folder, origin, count)


def make_history(path: Path, count: int) -> None:
    """Write `count` commits through fast-import: every tenth merges a side branch."""
    lines = [b"blob\nmark :1\ndata 0\n\n"]
    for number in range(1, count + 1):
        message = f"Change {number}\n\nMeasured on the bench.\n\nRefs: ENG-{number % 500 + 1}\n".encode()
        who = f"A <a@example.org> {1_600_000_000 + number * 60}"
        lines.append(
            f"commit refs/heads/main\nmark :{number + 1}\nauthor {who} +0000\n"
            f"committer {who} +0000\ndata {len(message)}\n".encode()
        )
        lines.append(message + b"\n")
        if number > 1:
            lines.append(f"from :{number}\n".encode())
        if number > 20 and number % 10 == 0:
            lines.append(f"merge :{number - 7}\n".encode())
        if number % TAG_EVERY == 0:
            lines.append(f"reset refs/tags/v1.{number // TAG_EVERY}\nfrom :{number + 1}\n".encode())
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    subprocess.run(
        ["git", f"--git-dir={path}", "fast-import", "--quiet", "--done"],
        input=b"".join(lines) + b"done\n",
        check=True,
    )


def measure(folder: Path, origin: Path, count: int) -> None:
    """Print the ingest's parts, and the whole beside git's own time."""
    from django.conf import settings

    from foundation.accounts.actors import SYSTEM
    from releases.actions.add_repository import add_repository
    from releases.actions.fetch_repository import fetch_repository
    from releases.models import Commit, Release
    from tests.cast import assemble

    settings.FIELDLOOP_GIT_FILE_ROOTS = [folder]
    cast = assemble()
    log = ["git", f"--git-dir={origin}", "log", "--all", "--format=%H%P%an%ae%at%ct%s%b"]

    def git_log() -> Any:
        return subprocess.run(log, stdout=subprocess.DEVNULL, check=True)

    git_log()
    floor = min(ground.seconds(git_log) for _ in range(5))
    repository = add_repository(actor=SYSTEM, component=cast.radio, url=str(origin), name="Bench")
    steps: dict[str, float] = {}

    def progress(step: str, _count: int) -> None:
        steps.setdefault(step, time_now())

    began = time_now()
    fetch_repository(actor=SYSTEM, repository=repository, progress=progress)
    whole = time_now() - began
    assert Commit.objects.count() == count
    assert Release.objects.count() == count // TAG_EVERY
    commits = steps["releases"] - steps["commits"] if "releases" in steps else whole
    ground.say(
        "mirror, ingest, releases and contents", f"{whole:.2f} s", f"{floor:.2f} s", f"{whole / floor:.1f} times"
    )
    ground.say(
        "commits: streamed, parsed and stored", f"{commits:.2f} s", f"{floor:.2f} s", f"{commits / floor:.1f} times"
    )
    nothing = ground.seconds(lambda: fetch_repository(actor=SYSTEM, repository=repository))
    ground.say("a look that finds nothing new", f"{nothing * 1000:.0f} ms", "–", "")


def time_now() -> float:
    """Give a clock for differences."""
    from time import perf_counter

    return perf_counter()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
