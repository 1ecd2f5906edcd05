"""Contents follow git: a few rows change where a release comes further on, and all can be computed anew."""

import pytest

from foundation.accounts.actors import SYSTEM
from releases.actions.compute_contents import compute_contents
from releases.contents import commits_in
from releases.models import Commit, ContentClass, Release
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def contents(release: Release) -> set[str]:
    return set(commits_in(release).values_list("sha", flat=True))


def test_contents_computed_anew_are_the_same_and_repair_what_was_damaged(world: World) -> None:
    world.draft("2.0")
    world.draft("3.0", "A", "B")
    before = {release.version: contents(release) for release in Release.objects.all()}
    count = compute_contents(actor=SYSTEM, repository=world.repository)
    assert count == ContentClass.objects.count()
    ContentClass.releases.through.objects.filter(release=world.release("2.0")).delete()
    Commit.objects.filter(sha=world.box.head()).update(content_class=None)
    compute_contents(actor=SYSTEM, repository=world.repository)
    assert {release.version: contents(release) for release in Release.objects.all()} == before


def test_a_release_further_on_changes_few_rows(world: World) -> None:
    world.draft("2.0", *(f"{n}" for n in range(20)))
    classes = dict(Commit.objects.values_list("sha", "content_class_id"))
    world.draft("3.0", "One more")
    after = dict(Commit.objects.values_list("sha", "content_class_id"))
    assert {sha: after[sha] for sha in classes} == classes
