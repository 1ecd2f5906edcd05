"""The operator's commands: any repository comes in, and the real history's contents equal git's."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from foundation.journal.models import Entry
from releases.contents import commits_in, first_release_of
from releases.models import Commit, ContentClass, Release, Repository
from releases.news import new_commit_times, new_in, released_ancestors
from tests.cast import Cast
from tests.releases.gitbox import GitBox, git_lines

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def outside(settings: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that no setting allows."""
    return tmp_path_factory.mktemp("outside")


def test_a_folder_that_the_operator_names_is_allowed_for_that_repository(cast: Cast, outside: Path) -> None:
    box = GitBox(outside / "radio")
    box.commit("One")
    box.tag("v0.1")
    answer = json.loads(run("add_repository", "--url", str(box.path), "--component", "radio", "--json"))
    repository = Repository.objects.get()
    assert answer == {
        "id": repository.pk, "slug": "radio", "name": "radio", "component": "radio", "commits": 1, "releases": 1,
    }  # fmt: skip
    box.commit("Two")
    assert run("fetch_repositories") == "radio: 1 new commits\n"
    assert run("fetch_repositories", "radio", "--json") == '[{"slug": "radio", "commits": 0, "error": ""}]\n'


def test_an_unknown_component_is_answered_with_the_known_ones(cast: Cast) -> None:
    with pytest.raises(CommandError, match="autopilot, .*radio"):
        run("add_repository", "--url", "https://example.org/x.git", "--component", "nothing")


def test_a_repository_that_cannot_be_read_is_one_line_and_can_be_tried_again(cast: Cast, outside: Path) -> None:
    (outside / "radio").mkdir()
    with pytest.raises(CommandError, match="no git repository"):
        run("add_repository", "--url", str(outside / "radio"), "--component", "radio")
    assert Repository.objects.count() == 0


def test_fetching_tells_what_failed_and_goes_on(cast: Cast, outside: Path) -> None:
    for name in ("a", "b"):
        GitBox(outside / name).commit("One")
        run("add_repository", "--url", str(outside / name), "--component", "radio")
    (outside / "a").rename(outside / "c")
    with pytest.raises(CommandError, match="Not every"):
        run("fetch_repositories")
    with pytest.raises(CommandError, match="no repository “x”"):
        run("fetch_repositories", "x")


def test_the_real_history_comes_in_and_every_tag_holds_what_git_lists(cast: Cast, real: Path) -> None:
    answer = json.loads(run("add_repository", "--url", str(real), "--component", "radio", "--json"))
    assert (answer["commits"], answer["releases"]) == (3868, 83)
    by_version = {release.tag: release for release in Release.objects.all()}
    for tag in git_lines(real, "tag"):
        held = set(commits_in(by_version[tag]).values_list("sha", flat=True))
        assert held == set(git_lines(real, "rev-list", f"refs/tags/{tag}"))
    assert ContentClass.objects.count() == len(
        set(Commit.objects.exclude(content_class=None).values_list("content_class_id", flat=True))
    )
    fetched = Entry.objects.get(kind="repository.fetched")
    assert fetched.data["imported"] is True
    assert not Release.objects.filter(imported=False).exists()
    _new_in_equals_git(real, by_version)
    _order_follows_ancestry(real, by_version)
    _first_releases(by_version)


def _new_in_equals_git(real: Path, by_tag: dict[str, Release]) -> None:
    for tag in ("1.0.0", "2.0.0", "3.0.0", "3.3.0", "2.5.2"):
        release = by_tag[tag]
        bases = [f"^refs/tags/{base.tag}" for base in released_ancestors(release)]
        expected = git_lines(real, "rev-list", f"refs/tags/{tag}", *bases)
        assert set(new_in(release).values_list("sha", flat=True)) == set(expected)
        assert not any(base.is_candidate for base in released_ancestors(release))
    every = list(Release.objects.select_related("commit"))
    times = new_commit_times(every)
    for release in every:
        assert sorted(times[release.pk]) == sorted(new_in(release).values_list("committed_at", flat=True))


def _order_follows_ancestry(real: Path, by_tag: dict[str, Release]) -> None:
    for tag in ("1.0.0", "2.0.0", "3.0.0"):
        for inside in git_lines(real, "tag", "--merged", f"refs/tags/{tag}"):
            assert (
                by_tag[inside].sequence <= by_tag[tag].sequence
                or inside == tag
                or (by_tag[inside].commit_id == by_tag[tag].commit_id)
            )


def _first_releases(by_tag: dict[str, Release]) -> None:
    for tag, release in list(by_tag.items())[::10]:
        commit = new_in(release).order_by("pk").first()
        if commit is not None and not release.is_candidate:
            first = first_release_of(commit)
            assert first is not None, tag
            assert first.sequence <= release.sequence
