"""Two repositories in one component: a project and its fork, and one that shares nothing with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from releases.contents import is_in, releases_that_follow
from releases.models import Release
from releases.news import new_in
from releases.queries import first_release_of
from tests.releases.gitbox import GitBox
from tests.releases.world import World, fork, join, shas

pytestmark = pytest.mark.django_db


def test_a_release_of_the_fork_holds_what_it_took_from_the_project(world: World, tmp_path: Path) -> None:
    mended = world.box.commit("Mend the link")
    world.fetch()
    commit = world.commit(mended)
    assert first_release_of(commit) is None
    forked = join(world, fork(world, tmp_path / "fork"), "Fork")
    release = forked.draft("1.1-fork", "Paint it")
    assert shas(release) == forked.box.rev_list("v1.1-fork")
    assert mended in shas(release)
    assert is_in(release, [commit]) == {commit.pk: True}, "the same commit, whichever repository it was found in"
    assert not is_in(world.release("1.0"), [commit])[commit.pk]
    own = forked.commit(forked.box.head())
    assert not is_in(world.draft("1.2", "Go on"), [own])[own.pk]
    assert first_release_of(commit) == release
    old, new = world.release("1.0").pk, world.release("1.2").pk
    assert releases_that_follow([old]) == {old: {old, release.pk, new}}


def test_what_is_new_in_a_release_is_told_from_the_releases_of_both(world: World, tmp_path: Path) -> None:
    world.published("1.1")
    forked = join(world, fork(world, tmp_path / "fork"), "Fork")
    release = forked.draft("1.2-fork", "Paint it")
    assert set(new_in(release).values_list("sha", flat=True)) == forked.box.rev_list(
        "v1.2-fork", f"^{world.box.head()}"
    )


def test_a_repository_that_shares_nothing_keeps_its_contents_to_itself(world: World, tmp_path: Path) -> None:
    box = GitBox(tmp_path / "bootloader")
    box.commit("Begin the bootloader")
    box.tag("boot-3")
    other = join(world, box, "Bootloader")
    assert shas(other.release("boot-3")) == box.rev_list("boot-3")
    world.draft("1.1", "Go on")
    assert shas(world.release("1.1")) == world.box.rev_list("v1.1")
    assert other.release("boot-3").repository == other.repository


def test_a_version_stands_once_in_a_component(world: World, tmp_path: Path) -> None:
    """The tag of the repository that brought it first is the release; the other one's is left alone."""
    forked = join(world, fork(world, tmp_path / "fork"), "Fork")
    world.draft("1.1", "Here")
    forked.box.commit("There")
    forked.box.tag("v1.1")
    forked.fetch()
    assert Release.objects.get(version="1.1").repository == world.repository
