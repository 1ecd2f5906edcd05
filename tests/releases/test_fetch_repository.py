"""Fetching: commits, refs, releases and their contents come in whole, once, and survive what origins do."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden, Invalid, Unavailable
from releases.actions.add_repository import add_repository
from releases.actions.fetch_repository import fetch_repository
from releases.actions.set_patterns import set_patterns
from releases.contents import commits_in
from releases.git.run import Mirror
from releases.mirrors import mirror_path, only_one
from releases.models import Fetch, RefEvent, Release, Repository
from tests.cast import Cast
from tests.releases.gitbox import GitBox, git_lines
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def kinds(subject_type: str) -> list[str]:
    return list(Entry.objects.filter(subject_type=subject_type).order_by("id").values_list("kind", flat=True))


def contents(release: Release) -> set[str]:
    return set(commits_in(release).values_list("sha", flat=True))


def test_the_first_fetch_is_imported_history(world: World) -> None:
    fetch = Fetch.objects.get()
    assert fetch.imported
    assert fetch.commits_count == 1
    assert fetch.done_at is not None
    release = world.release("1.0")
    assert (release.state, release.imported, release.sequence, release.tag) == ("draft", True, 1, "v1.0")
    assert world.repository.imported_at is not None
    assert world.repository.default_branch == "main"
    assert kinds("repository") == ["repository.added", "repository.fetched"]
    drafted = Entry.objects.get(kind="release.drafted")
    assert drafted.data["imported"] is True
    assert drafted.occurred_at == release.commit.committed_at


def test_a_look_without_news_leaves_no_trace_but_its_time(world: World) -> None:
    later = clock.now() + timedelta(minutes=10)
    with clock.at(later):
        assert world.fetch() is None
    world.repository.refresh_from_db()
    assert world.repository.fetched_at == later
    assert world.repository.next_fetch_at == later + timedelta(seconds=30)
    assert Fetch.objects.count() == 1
    assert len(kinds("repository")) == 2


def test_a_look_without_news_asks_the_origin_once_and_brings_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.box.tag("nothing-but-a-name")
    world.fetch()
    asked = commands(monkeypatch)
    assert world.fetch() is None
    assert asked == ["ls-remote"]
    world.box.tag("v1.0.1")
    world.fetch()
    assert asked[1:3] == ["ls-remote", "fetch"]
    assert world.release("1.0.1").commit == world.release("1.0").commit


def test_a_look_without_news_makes_a_mirror_that_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(mirror_path(world.repository))
    asked = commands(monkeypatch)
    assert world.fetch() is None
    assert "fetch" in asked
    assert (mirror_path(world.repository) / "HEAD").exists()


def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what git is asked from now on."""
    asked: list[str] = []
    run = Mirror.run

    def noted(self: Mirror, *args: str, **more: Any) -> bytes:
        asked.append(args[0])
        return run(self, *args, **more)

    monkeypatch.setattr(Mirror, "run", noted)
    return asked


def test_new_commits_and_tags_come_in_and_are_not_imported(world: World) -> None:
    sha = world.box.commit("Fix it\n\nFixes: FB-12\n")
    fetch = world.fetch()
    assert fetch is not None
    assert not fetch.imported
    assert list(fetch.commits.values_list("sha", flat=True)) == [sha]
    assert world.commit(sha).content_class is None

    release = world.draft("1.1", "More")
    assert not release.imported
    assert contents(release) == world.box.rev_list("v1.1")
    assert contents(world.release("1.0")) == world.box.rev_list("v1.0")
    assert "Fix it (FB-12)" in release.notes
    assert "First light" not in release.notes


def test_a_tag_without_new_commits_becomes_a_release(world: World) -> None:
    world.box.tag("v1.0.1")
    fetch = world.fetch()
    assert fetch is not None
    assert fetch.commits_count == 0
    assert contents(world.release("1.0.1")) == contents(world.release("1.0"))


def test_tags_that_are_no_version_are_left_alone(world: World) -> None:
    world.box.tag("nightly")
    world.box.tag("vlatest")
    world.fetch()
    assert Release.objects.count() == 1
    assert RefEvent.objects.filter(ref="refs/tags/nightly", kind="created").exists()


def test_two_tags_for_one_version_make_one_release(world: World) -> None:
    world.box.tag("1.0")
    world.fetch()
    assert Release.objects.count() == 1


def test_several_tags_at_once_are_frozen_in_the_order_of_history(world: World) -> None:
    world.box.commit("Two")
    world.box.tag("v1.10")
    world.box.tag("v1.10-rc1")
    world.box.branch("fix", "v1.0")
    world.box.commit("Backport")
    world.box.tag("v1.9.1")
    world.fetch()
    assert list(Release.objects.order_by("sequence").values_list("version", flat=True)) == [
        "1.0", "1.10-rc1", "1.10", "1.9.1",
    ]  # fmt: skip
    assert world.release("1.10-rc1").is_candidate


def test_a_moved_tag_raises_an_alarm_and_rewrites_nothing(world: World) -> None:
    release = world.draft("2.0")
    before = contents(release)
    world.box.commit("Slipped in")
    world.box.tag("v2.0", force=True)
    world.fetch()
    after = world.release("2.0")
    assert (after.commit_id, after.tag_object) == (release.commit_id, release.tag_object)
    assert after.tag_alarm_at is not None
    assert contents(after) == before
    entry = Entry.objects.get(kind="release.tag_moved")
    assert entry.data["old"] == release.tag_object
    assert Release.objects.count() == 2


def test_a_deleted_tag_raises_an_alarm_and_its_commit_is_kept(world: World) -> None:
    world.box.branch("side")
    release = world.draft("2.0", "Only on the side")
    sha = release.commit.sha
    world.box.git("tag", "-d", "v2.0")
    world.box.git("checkout", "--quiet", "main")
    world.box.git("branch", "-D", "side")
    world.fetch()
    assert Entry.objects.get(kind="release.tag_deleted").subject_id == release.pk
    assert git_lines(mirror_path(world.repository), "rev-parse", f"refs/keep/{sha}") == [sha]
    third = world.draft("3.0", "Goes on")
    assert contents(world.release("2.0")) == {sha, *contents(world.release("1.0"))}
    assert sha not in contents(third)


def test_a_tag_that_comes_back_elsewhere_raises_an_alarm(world: World) -> None:
    world.box.git("tag", "-d", "v1.0")
    world.fetch()
    world.box.commit("Elsewhere")
    world.box.tag("v1.0")
    world.fetch()
    assert kinds("release")[-2:] == ["release.tag_deleted", "release.tag_moved"]


def test_a_forced_branch_is_told_from_a_moved_one(world: World) -> None:
    first = world.box.head()
    world.box.commit("Goes on")
    world.fetch()
    world.box.git("reset", "--hard", "--quiet", first)
    world.box.commit("Instead")
    world.fetch()
    told = RefEvent.objects.filter(ref="refs/heads/main").order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["created", "moved", "forced"]


def test_an_origin_that_is_gone_is_noted_told_once_and_tried_ever_less_often(world: World, tmp_path: Path) -> None:
    world.box.path.rename(tmp_path / "moved")
    waits = []
    for _attempt in range(3):
        with pytest.raises(Unavailable):
            world.fetch()
        world.repository.refresh_from_db()
        waits.append((world.repository.next_fetch_at - clock.now()).total_seconds())
    assert world.repository.failures == 3
    assert "no git repository" in world.repository.error
    assert [round(wait, -1) for wait in waits] == [30, 60, 120]
    assert kinds("repository").count("repository.failed") == 1
    (tmp_path / "moved").rename(world.box.path)
    world.fetch()
    world.repository.refresh_from_db()
    assert (world.repository.failures, world.repository.error) == (0, "")


def test_only_some_may_fetch(world: World) -> None:
    with pytest.raises(Forbidden):
        fetch_repository(actor=world.cast.actor("olena"), repository=world.repository)


@pytest.mark.django_db(transaction=True)
def test_one_process_at_a_time_fetches_a_repository(world: World) -> None:
    other = connections.create_connection("default")
    try:
        with only_one(world.repository.pk) as mine, other.cursor() as cursor:
            assert mine
            number = _lock_number(world.repository.pk)
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            assert cursor.fetchone() == (False,)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            assert cursor.fetchone() == (True,)
            with pytest.raises(Conflict, match="right now"):
                world.fetch()
    finally:
        other.close()


def _lock_number(pk: int) -> int:
    from foundation.kit.transactions import lock_number

    return lock_number(f"repository {pk}")


def test_a_lost_mirror_is_made_anew_and_loses_no_contents(world: World, tmp_path: Path) -> None:
    world.box.branch("side")
    release = world.draft("2.0", "Only on the side")
    held = contents(release)
    world.box.git("tag", "-d", "v2.0")
    world.box.git("checkout", "--quiet", "main")
    world.box.git("branch", "-D", "side")
    shutil.rmtree(mirror_path(world.repository))
    third = world.draft("3.0", "Goes on")
    assert contents(world.release("2.0")) == held
    assert contents(third) == world.box.rev_list("v3.0")


def test_a_changed_tag_pattern_makes_releases_of_the_tags_it_now_stands_for(world: World) -> None:
    """Those of before the repository was registered are imported, newer ones are ordinary drafts."""
    keeper = world.cast.actor("henrik")
    world.box.tag("radio/7")
    world.fetch()
    assert not Release.objects.filter(version="7").exists()
    clock_before = Repository.objects.get().next_fetch_at
    set_patterns(
        actor=keeper,
        repository=world.repository,
        tag_pattern=r"^radio/(\d+)$",
        pull_request_pattern="",
        branch_pattern="",
    )
    assert Repository.objects.get().next_fetch_at < clock_before
    assert world.fetch() is not None
    assert not world.release("7").imported
    assert world.release("1.0").tag == "v1.0"  # it stays what it is
    assert world.fetch() is None


def test_a_tag_of_before_the_repository_was_registered_becomes_an_imported_release(cast: Cast, tmp_path: Path) -> None:
    box = GitBox(tmp_path / "old")
    box.commit("Begin")
    box.tag("radio/1")
    repository = add_repository(actor=SYSTEM, component=cast.autopilot, url=str(box.path), tag_pattern=r"^v(\d+)$")
    fetch_repository(actor=SYSTEM, repository=repository)
    assert not Release.objects.exists()
    set_patterns(
        actor=SYSTEM,
        repository=repository,
        tag_pattern=r"^radio/(\d+)$",
        pull_request_pattern="",
        branch_pattern="",
    )
    fetch_repository(actor=SYSTEM, repository=repository)
    assert Release.objects.get().imported
    with pytest.raises(Invalid, match="exactly one group"):
        set_patterns(actor=SYSTEM, repository=repository, tag_pattern="v.*", pull_request_pattern="", branch_pattern="")
