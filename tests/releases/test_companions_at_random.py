"""Random histories of two repositories: what a release of both holds is what git itself lists, fetch by fetch."""

from __future__ import annotations

import random
from functools import cache

import pytest

from foundation.accounts.actors import SYSTEM
from releases.actions.compute_contents import compute_contents
from releases.actions.set_companion import set_companion
from releases.contents import commits_in, only_in, releases_that_follow
from releases.models import Holding, Release
from releases.news import new_commit_times, new_in, released_ancestors
from tests.releases.gitbox import GitBox
from tests.releases.world import World

pytestmark = pytest.mark.django_db


class Git:
    """What git says of the repositories; no tag is ever moved here, so that it is asked once for the same."""

    def __init__(self, boxes: dict[int, GitBox]) -> None:
        self.boxes = boxes
        self.listed = cache(self._listed)
        self.at = cache(self._at)

    def _listed(self, repository: int, *args: str) -> frozenset[str]:
        return frozenset(self.boxes[repository].rev_list(*args))

    def _at(self, repository: int, tag: str) -> str:
        return self.boxes[repository].git("rev-parse", f"{tag}^{{commit}}")


class Slow:
    """Works everything out from git alone: the tags that each release is frozen at, and what git lists for them."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self.releases = list(Release.objects.select_related("commit"))
        self.tags = {
            release.pk: {
                release.repository_id: release.tag,
                **dict(release.companions.values_list("repository_id", "tag")),
            }
            for release in self.releases
        }
        frozen = {(repo, tag) for tags in self.tags.values() for repo, tag in tags.items()}
        self._listed = {(repo, tag): git.listed(repo, tag) for repo, tag in frozen}
        self._at = {(repo, tag): git.at(repo, tag) for repo, tag in frozen}

    def held(self, release: Release) -> set[str]:
        return set[str]().union(*(self._listed[part] for part in self.tags[release.pk].items()))

    def behind(self, release: Release, repository: int) -> list[Release]:
        """Give what was shipped before it, as far as this repository goes."""
        here = repository, self.tags[release.pk][repository]
        others = [other for other in self.releases if other.imported and repository in self.tags[other.pk]]
        there = {other.pk: (repository, self.tags[other.pk][repository]) for other in others}
        return [
            other
            for other in others
            if self._at[there[other.pk]] in self._listed[here]
            and (self._at[there[other.pk]] != self._at[here] or other.sequence < release.sequence)
        ]

    def new(self, release: Release) -> set[str]:
        found: set[str] = set()
        for repository, tag in self.tags[release.pk].items():
            bases = [f"^{self.tags[base.pk][repository]}" for base in self.behind(release, repository)]
            found |= self._git.listed(repository, tag, *bases)
        return found

    def bases(self, release: Release) -> set[Release]:
        return {base for repository in self.tags[release.pk] for base in self.behind(release, repository)}


@pytest.mark.parametrize("seed", range(4))
def test_random_histories_of_two_repositories_are_what_git_lists(world: World, boot: World, seed: int) -> None:
    dice = random.Random(seed)
    worlds = [world, boot]
    heads = {one.repository.pk: [one.box.head()] for one in worlds}
    git = Git({one.repository.pk: one.box for one in worlds})
    for number in range(2, 7):
        for one in worlds:
            one.box.grow(dice, heads[one.repository.pk], number, commits=dice.randint(1, 6))
        tagged = dice.choice([worlds, worlds, [world], [boot]])
        for one in tagged:
            one.box.git("tag", f"v{number}", dice.choice(heads[one.repository.pk][-3:]))
        for one in dice.sample(worlds, 2):
            one.fetch()
        release = Release.objects.get(version=str(number))
        if len(tagged) == 1 and dice.random() < 0.5:
            (other,) = [one for one in worlds if one not in tagged]
            tag = dice.choice(other.box.git("tag").split())
            set_companion(actor=SYSTEM, release=release, repository=other.repository, tag=tag)
        if dice.random() < 0.6:
            Release.objects.filter(pk=release.pk).update(imported=True)
        _check(git)
    before = set(Holding.objects.values_list("release", "contentclass"))
    for one in worlds:
        compute_contents(actor=SYSTEM, repository=one.repository)
    assert set(Holding.objects.values_list("release", "contentclass")) == before


def _check(git: Git) -> None:
    slow = Slow(git)
    times = new_commit_times(slow.releases)
    held = {release.pk: slow.held(release) for release in slow.releases}
    follow = releases_that_follow(held)
    for release in slow.releases:
        assert sorted(commits_in(release).values_list("sha", flat=True)) == sorted(held[release.pk])
        fresh = new_in(release)
        assert sorted(fresh.values_list("sha", flat=True)) == sorted(slow.new(release))
        assert sorted(times[release.pk]) == sorted(fresh.values_list("committed_at", flat=True))
        assert set(released_ancestors(release)) == slow.bases(release)
        assert follow[release.pk] == {other for other in held if held[release.pk] <= held[other]}
        for other in slow.releases:
            only = set(only_in(release, other).values_list("sha", flat=True))
            assert only == held[release.pk] - held[other.pk]
