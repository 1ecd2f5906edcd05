"""What a release holds when commits are taken back, brought again and merged: git's own files are the judge."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from releases.contents import first_release_of, holders, is_in
from releases.corrections import correct
from releases.effects import History, effects_of
from releases.models import Commit, Correction, Relation, Release
from tests.cast import Cast
from tests.releases.gitbox import NO_FILES, GitBox
from tests.releases.world import World, make_world

QUIET = ("-c", "merge.renames=false", "-c", "diff.renames=false", "-c", "advice.mergeConflict=false")


class Changes:
    """A repository in which every change is a file of its own, so that its tree tells what is in effect."""

    def __init__(self, box: GitBox, seed: int) -> None:
        self.box, self.random = box, random.Random(seed)
        self.made: dict[str, str] = {}  # file → the commit that made it first
        self.clock = 0

    def run(self, *args: str) -> bool:
        """Run git; what conflicts or changes nothing is given up and leaves no trace."""
        self.clock += 1
        when = f"2026-03-{1 + self.clock // 1440:02}T{self.clock // 60 % 24:02}:{self.clock % 60:02}:00+0000"
        try:
            self.box.git(*QUIET, *args, GIT_COMMITTER_DATE=when, GIT_AUTHOR_DATE=when, GIT_EDITOR="true")
        except subprocess.CalledProcessError:
            self.box.git("reset", "--quiet", "--hard")
            return False
        return True

    def make(self) -> None:
        name = f"change{len(self.made)}"
        (self.box.path / name).write_text(f"{name}\n" * 20)
        self.box.git("add", name)
        if self.run("commit", "--quiet", "-m", f"Make {name}"):
            self.made[name] = self.box.head()

    def some(self, *args: str) -> str:
        return self.random.choice(sorted(self.box.rev_list(*args)))

    def step(self, branches: list[str]) -> None:
        self.box.git("checkout", "--quiet", self.random.choice(branches))
        match self.random.choice(["make", "revert", "revert", "pick", "pick", "merge", "merge", "branch", "undo"]):
            case "make":
                self.make()
            case "revert":
                sha = self.some("HEAD")
                parents = self.box.git("rev-list", "--parents", "-1", sha).split()[1:]
                if parents:
                    self.run("revert", "--no-edit", *(("-m", "1") if len(parents) > 1 else ()), sha)
            case "undo":
                reverts = self.box.rev_list("HEAD", "--grep=^This reverts")
                if reverts:
                    self.run("revert", "--no-edit", self.random.choice(sorted(reverts)))
            case "pick":
                self.run("cherry-pick", "-x", self.some("--all", "--no-merges"))
            case "merge":
                self.run("merge", "--no-ff", "--quiet", "-m", "Merge", self.random.choice(branches))
            case "branch":
                branches.append(f"line{len(branches)}")
                self.box.branch(branches[-1], self.some("HEAD"))


def history_of(box: GitBox) -> dict[str, list[str]]:
    lines = [line.split() for line in box.git("rev-list", "--all", "--parents").splitlines()]
    return {sha: parents for sha, *parents in lines}


def files_of(box: GitBox) -> dict[str, set[str]]:
    """Give the files of every commit."""
    trees = dict(line.split() for line in box.git("log", "--all", "--format=%H %T").splitlines())
    pairs = {f"{NO_FILES} {tree}": tree for tree in trees.values()}
    found: dict[str, set[str]] = {tree: set() for tree in pairs.values()}
    tree = ""
    for line in box.git(
        "diff-tree", "--stdin", "--name-only", stdin="".join(f"{pair}\n" for pair in pairs)
    ).splitlines():
        if line in pairs:
            tree = pairs[line]
        else:
            found[tree].add(line)
    return {sha: found[tree] for sha, tree in trees.items()}


@pytest.mark.parametrize("seed", range(12))
def test_a_random_history_holds_just_what_its_files_show(seed: int, box: GitBox) -> None:
    changes = Changes(box, seed)
    changes.make()
    branches = ["main"]
    for _step in range(45):
        changes.step(branches)
    graph = history_of(box)
    reverts: dict[str, list[str]] = {}
    copies: dict[str, list[str]] = {}
    for said in box.git("log", "--all", "--format=%H%n%b%x00").split("\0")[:-1]:
        sha, _, body = said.strip().partition("\n")
        for word, named in (("This reverts commit ", reverts), ("(cherry picked from commit ", copies)):
            if word in body:
                named[sha] = [part[:40] for part in body.split(word)[1:]]
    history = History(graph)
    effects = effects_of(reverts, copies, brought=history.brought)
    names = list(changes.made)
    bit = {sha: 1 << n for n, sha in enumerate(changes.made.values())}
    effects |= {sha: {sha: True} for sha in bit if sha not in effects}
    events = {
        sha: (
            sum(bit[c] for c, on in mine.items() if on and c in bit),
            sum(bit[c] for c, on in mine.items() if not on and c in bit),
        )
        for sha, mine in effects.items()
    }
    nets = history.net(events, dict(enumerate(history.order)), history.whole(reverts, copies))
    wrong, files_at = [], files_of(box)
    for number, sha in enumerate(history.order):
        files = files_at[sha]
        told = {name for name in names if nets[number].on & bit[changes.made[name]]}
        if files != told:
            wrong.append((sha, sorted(files ^ told)))
    assert not wrong
    assert len(reverts) + len(copies) > 3, "the history tries something"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [3, 8])
def test_the_stored_contents_agree_with_the_files_whenever_they_were_fetched(
    seed: int, cast: Cast, tmp_path: Path
) -> None:
    world = make_world(cast, tmp_path)
    changes, branches = Changes(world.box, seed), ["main"]
    changes.make()
    for round_ in range(6):
        for _step in range(9):
            changes.step(branches)
        world.box.git("tag", f"v2.{round_}")
        world.fetch()
    stored = set(Correction.objects.values_list("commit", "release", "holds", "by"))
    correct(cast.autopilot.pk)
    assert stored == set(Correction.objects.values_list("commit", "release", "holds", "by")), "as if made anew"
    for release in Release.objects.filter(version__startswith="2."):
        files = set(world.box.git("ls-tree", "--name-only", release.tag).splitlines())
        made = {name: Commit.objects.filter(sha=sha).first() for name, sha in changes.made.items()}
        held = is_in(release, [commit for commit in made.values() if commit])
        assert {name for name, commit in made.items() if commit and held[commit.pk]} == files
    assert Relation.objects.counting().exists()


def change(world: World, name: str) -> Commit:
    (world.box.path / name).write_text(f"{name}\n")
    world.box.git("add", name)
    sha = world.box.commit(f"Make {name} really well")
    world.fetch()
    return world.commit(sha)


def versions(commit: Commit) -> set[str]:
    return set(Release.objects.filter(pk__in=holders([commit])).values_list("version", flat=True))


@pytest.mark.django_db
def test_a_revert_takes_back_and_its_revert_restores(world: World) -> None:
    commit = change(world, "filter")
    world.draft("1.1")
    world.box.git("revert", "--no-edit", commit.sha)
    revert = world.box.head()
    world.draft("1.2")
    world.box.git("revert", "--no-edit", revert)
    world.draft("1.3")
    assert versions(commit) == {"1.1", "1.3"}
    taken = Correction.objects.get(commit=commit)
    assert (taken.release.version, taken.holds, taken.by and taken.by.sha) == ("1.2", False, revert)


@pytest.mark.django_db
def test_a_backport_brings_the_fix_to_an_older_line_and_makes_no_second_first_release(world: World) -> None:
    commit = change(world, "filter")
    world.draft("2.0")
    world.box.branch("old", "v1.0")
    world.box.git("cherry-pick", "-x", commit.sha)
    pick = world.box.head()
    world.draft("1.0.1")
    assert versions(commit) == {"2.0", "1.0.1"}
    assert versions(world.commit(pick)) == {"2.0", "1.0.1"}
    first = first_release_of(world.commit(pick))
    assert first is not None
    assert first.version == "2.0", "it was frozen first"


@pytest.mark.django_db
def test_a_reverted_merge_takes_back_all_that_came_with_it(world: World) -> None:
    world.box.branch("feature")
    commit = change(world, "filter")
    world.box.git("checkout", "--quiet", "main")
    world.box.commit("Meanwhile")
    world.box.git("merge", "--no-ff", "--quiet", "-m", "Merge branch 'feature'", "feature")
    merge = world.box.head()
    world.draft("1.1")
    world.box.git("revert", "--no-edit", "-m", "1", merge)
    world.draft("1.2")
    assert versions(commit) == {"1.1"}


@pytest.mark.django_db
def test_a_twin_without_a_word_about_it_is_only_suggested(world: World) -> None:
    commit = change(world, "filter")
    world.draft("2.0")
    world.box.branch("old", "v1.0")
    world.box.git("cherry-pick", commit.sha)
    world.draft("1.0.1")
    relation = Relation.objects.get()
    assert (relation.state, relation.basis, relation.other) == ("suggested", "author_date", commit)
    assert versions(commit) == {"2.0"}, "until a person says so"


@pytest.mark.django_db
def test_a_twin_with_the_same_change_is_certain_where_the_host_sends_files_too(world: World) -> None:
    world.box.git("config", "uploadpack.allowFilter", "false")
    commit = change(world, "filter")
    other = change(world, "gyro")
    world.draft("2.0")
    world.box.branch("old", "v1.0")
    world.box.git("cherry-pick", commit.sha)
    copy = world.box.head()
    world.box.git("cherry-pick", "--no-commit", other.sha)
    (world.box.path / "gyro").write_text("another change")
    world.box.git("commit", "--quiet", "--all", f"--reuse-message={other.sha}")
    world.draft("1.0.1")
    found = {relation.commit.sha: relation for relation in Relation.objects.select_related("commit", "other")}
    assert (found[copy].state, found[copy].basis, found[copy].other) == ("certain", "patch", commit)
    assert {found[sha].state for sha in found.keys() - {copy}} == {"suggested"}
    assert versions(commit) == {"2.0", "1.0.1"}
    assert versions(other) == {"2.0"}


@pytest.mark.django_db
def test_what_a_message_names_before_it_is_here_counts_as_soon_as_it_comes(world: World, tmp_path: Path) -> None:
    world.box.git("checkout", "--quiet", "--detach")
    (world.box.path / "filter").write_text("x")
    world.box.git("add", "filter")
    hidden = world.box.commit("Make filter elsewhere")
    world.box.git("checkout", "--quiet", "main")
    world.box.git("cherry-pick", "-x", hidden)
    world.draft("1.1")
    assert Relation.objects.get().other is None
    world.box.git("branch", "late", hidden)
    world.fetch()
    assert versions(world.commit(hidden)) == {"1.1"}
