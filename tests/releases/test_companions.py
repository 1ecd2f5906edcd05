"""A release that is built from several repositories: one commit of each, and the union of what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from releases.actions.add_repository import add_repository
from releases.actions.approve_release import approve_release
from releases.actions.compute_contents import compute_contents
from releases.actions.propose_release import propose_release
from releases.actions.remove_companion import remove_companion
from releases.actions.set_companion import set_companion
from releases.builds import build_of
from releases.contents import (
    commits_in,
    first_release_of,
    first_releases,
    holders,
    is_in,
    only_in,
    releases_that_follow,
)
from releases.models import Commit, Companion, Holding, Release
from releases.news import new_in
from releases.unreleased import unreleased
from tests.releases.gitbox import GitBox
from tests.releases.world import World, fork, join, shas

pytestmark = pytest.mark.django_db


def both(world: World, boot: World, version: str) -> Release:
    """Give the release of a version that is tagged in both repositories after a commit in each."""
    boot.box.commit(f"Boot for {version}")
    boot.box.tag(f"v{version}")
    world.draft(version, f"Fly {version}")
    boot.fetch()
    return world.release(version)


def test_the_same_version_in_both_repositories_is_one_release(world: World, boot: World) -> None:
    world.draft("1.1", "Fly")
    begun = boot.box.head()
    booted = boot.box.commit("Boot")
    boot.box.tag("v1.1")
    boot.fetch()
    release = world.release("1.1")
    assert release.repository == world.repository
    assert shas(release) == world.box.rev_list("v1.1") | {begun, booted}
    assert set(new_in(release).values_list("sha", flat=True)) == {world.box.head(), booted}, "0.9 had the beginning"
    companion = release.companions.get()
    assert (companion.tag, companion.commit.sha, companion.shares) == ("v1.1", booted, False)
    assert companion.tag_object == boot.box.git("rev-parse", "v1.1")
    told = Entry.objects.get(kind="release.companion_set")
    assert (told.subject_id, told.data["repository"]) == (release.pk, "Bootloader")
    assert boot.fetch() is None, "it joins once"


def test_whichever_tag_arrives_first_makes_the_release(world: World, boot: World) -> None:
    boot.draft("1.1", "Boot")
    release = world.draft("1.1", "Fly")
    assert release.repository == boot.repository
    assert release.companions.get().repository == world.repository
    assert shas(release) == world.box.rev_list("v1.1") | boot.box.rev_list("v1.1")


def test_work_in_both_repositories_is_in_the_release_of_both(world: World, boot: World) -> None:
    alone = world.draft("1.1", "Fly")
    first = boot.box.commit("Boot")
    boot.fetch()
    parts = [world.commit(world.box.head()), boot.commit(first)]
    assert holders(parts) == frozenset()
    release = both(world, boot, "1.2")
    assert holders(parts) == {release.pk}
    assert first_release_of(parts[0]) == alone
    assert first_release_of(parts[1]) == release
    assert is_in(release, parts) == {part.pk: True for part in parts}
    later = both(world, boot, "1.3")
    assert first_releases([part.pk for part in parts]) == {parts[0].pk: alone, parts[1].pk: release}
    assert releases_that_follow([alone.pk, release.pk]) == {
        alone.pk: {alone.pk, release.pk, later.pk},
        release.pk: {release.pk, later.pk},
    }
    assert set(only_in(later, release).values_list("sha", flat=True)) == {world.box.head(), boot.box.head()}


def test_a_fork_with_the_same_version_stays_out_until_a_person_says_so(world: World, tmp_path: Path) -> None:
    forked = join(world, fork(world, tmp_path / "fork"), "Fork")
    world.draft("1.1", "Here")
    there = forked.box.commit("There")
    forked.box.tag("v1.1")
    forked.fetch()
    assert not Companion.objects.exists()
    assert forked.fetch() is None, "it is not looked at again and again"
    release = world.release("1.1")
    companion = set_companion(actor=SYSTEM, release=release, repository=forked.repository, tag="v1.1")
    assert companion.shares
    listed = sorted(commits_in(release).values_list("sha", flat=True))
    assert listed == sorted(world.box.rev_list("v1.1") | {there}), "what both have is counted once"
    assert sorted(new_in(release).values_list("sha", flat=True)) == sorted({world.box.head(), there})


def test_what_was_approved_takes_nothing_more(world: World, boot: World) -> None:
    release = propose_release(actor=world.cast.actor("kari"), release=world.draft("1.1", "Fly"))
    approve_release(actor=world.cast.actor("henrik"), release=release)
    boot.box.tag("v1.1")
    boot.fetch()
    assert not Companion.objects.exists()
    with pytest.raises(Conflict) as refused:
        set_companion(actor=SYSTEM, release=release, repository=boot.repository, tag="v1.1")
    assert refused.value.code == "companion.settled"


def test_imported_history_joins_whatever_it_was_tagged_in(world: World, tmp_path: Path) -> None:
    box = GitBox(tmp_path / "bootloader")
    box.commit("Begin")
    box.tag("v1.0")
    boot = join(world, box, "Bootloader")
    release = world.release("1.0")
    assert shas(release) == world.box.rev_list("v1.0") | box.rev_list("v1.0")
    commit = box.head()
    assert Entry.objects.get(kind="release.companion_set").occurred_at == Commit.objects.get(sha=commit).committed_at
    assert boot.repository.releases.count() == 0


def test_a_new_tag_does_not_join_what_was_shipped_before_the_house_knew_of_it(world: World, boot: World) -> None:
    boot.box.tag("v1.0")
    boot.fetch()
    assert not Companion.objects.exists()


def test_a_person_sets_and_takes_out_what_a_release_is_built_from(world: World, boot: World) -> None:
    old = boot.box.commit("Boot")
    boot.box.tag("stable")
    boot.fetch()
    release = world.draft("1.1", "Fly")
    kari = world.cast.actor("kari")
    companion = set_companion(actor=kari, release=release, repository=boot.repository, tag="stable")
    assert companion.set_by_id == kari.user_id
    assert shas(release) == world.box.rev_list("v1.1") | boot.box.rev_list("stable")
    new = boot.box.commit("Boot faster")
    boot.box.tag("stable-2")
    boot.fetch()
    set_companion(actor=kari, release=release, repository=boot.repository, tag="v0.9")
    assert shas(release) == world.box.rev_list("v1.1") | boot.box.rev_list("v0.9"), "in place of what it had"
    set_companion(actor=kari, release=release, repository=boot.repository, tag="stable-2")
    assert {old, new} < shas(release)
    remove_companion(actor=kari, release=release, repository=boot.repository)
    assert shas(release) == world.box.rev_list("v1.1")
    assert not Holding.objects.filter(release=release, contentclass__repository=boot.repository).exists()
    boot.box.tag("v1.1")
    boot.fetch()
    assert not release.companions.exists(), "what a person took out does not come back by itself"
    with pytest.raises(NotFound):
        remove_companion(actor=kari, release=release, repository=boot.repository)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("nothing", "companion.tag_unknown"), ("--upload-pack=x", "companion.tag_unknown")],
)
def test_a_tag_that_is_none_is_refused(world: World, boot: World, tag: str, code: str) -> None:
    release = world.draft("1.1", "Fly")
    with pytest.raises(Invalid) as refused:
        set_companion(actor=SYSTEM, release=release, repository=boot.repository, tag=tag)
    assert (refused.value.code, refused.value.field) == (code, "tag")


def test_the_own_repository_and_those_of_others_are_refused(world: World, boot: World) -> None:
    release = world.draft("1.1", "Fly")
    url = "https://git.example/sokil/radio.git"
    other = add_repository(actor=SYSTEM, component=world.cast.radio, url=url, name="Radio")
    for repository in (world.repository, other):
        with pytest.raises(DomainError, match="not another repository"):
            set_companion(actor=SYSTEM, release=release, repository=repository, tag="v1.1")


def test_who_may_not_propose_may_not_set_it(world: World, boot: World) -> None:
    release = world.draft("1.1", "Fly")
    with pytest.raises(Forbidden):
        set_companion(actor=world.cast.actor("ingrid"), release=release, repository=boot.repository, tag="v0.9")


def test_a_companions_tag_that_moves_raises_the_alarm_and_changes_nothing(world: World, boot: World) -> None:
    release = both(world, boot, "1.1")
    before = shas(release)
    boot.box.commit("Later")
    boot.box.tag("v1.1", force=True)
    boot.fetch()
    assert world.release("1.1").tag_alarm_at is not None
    told = Entry.objects.get(kind="release.tag_moved")
    assert (told.subject_id, told.data["tag"]) == (release.pk, "v1.1")
    assert shas(release) == before
    boot.box.git("tag", "-d", "v1.1")
    boot.fetch()
    assert Entry.objects.filter(kind="release.tag_deleted", subject_id=release.pk).exists()


def test_a_companions_commit_is_pinned_in_its_mirror(world: World, boot: World) -> None:
    release = both(world, boot, "1.1")
    sha = release.companions.get().commit.sha
    boot.box.git("tag", "-d", "v1.1")
    boot.box.git("reset", "--hard", "--quiet", "HEAD~1")
    boot.fetch()
    compute_contents(actor=SYSTEM, repository=boot.repository)
    assert sha in shas(release)


def test_the_next_release_begins_after_the_companion(world: World, boot: World) -> None:
    release = both(world, boot, "1.1")
    Release.objects.filter(pk=release.pk).update(imported=True)
    boot.box.commit("And on")
    boot.fetch()
    found = unreleased(boot.repository)
    assert found is not None
    assert (found.base, found.tag) == (release, "v1.2")
    assert found.commit_ids == {boot.commit(boot.box.head()).pk}


def test_a_companions_tag_and_commit_name_the_build(world: World, boot: World) -> None:
    boot.box.commit("Boot")
    boot.box.tag("boot-stable")
    boot.fetch()
    release = world.draft("1.1", "Fly")
    set_companion(actor=SYSTEM, release=release, repository=boot.repository, tag="boot-stable")
    for text in ("boot-stable", boot.box.head(), boot.box.head()[:10], world.box.head(), "v1.1"):
        found = build_of(SYSTEM, world.cast.autopilot, text)
        assert found.release == release, text
    later = world.draft("1.2", "Fly on")
    set_companion(actor=SYSTEM, release=later, repository=boot.repository, tag="boot-stable")
    ambiguous = build_of(SYSTEM, world.cast.autopilot, "boot-stable")
    assert (ambiguous.sha, ambiguous.release) == (boot.box.head(), None), "two releases have it: the commit counts"
