"""Contents stay git's, fetch by fetch, whatever way a history grows; and mostly only what is new is gone over."""

import random

import pytest

from foundation.accounts.actors import SYSTEM
from releases.actions.compute_contents import compute_contents
from releases.contents import commits_in
from releases.contents_growth import prepare_growth
from releases.models import Commit, Holding, Release
from tests.releases.world import World

pytestmark = pytest.mark.django_db

ROUNDS, COMMITS = 6, 12


def grow(world: World, dice: random.Random, shas: list[str], number: int) -> None:
    """Add commits with parents anywhere in what there is, and tags anywhere."""
    # Now a release every few commits in one line, now a bush.
    world.box.grow(dice, shas, number, commits=COMMITS, straight=dice.random())
    for place, sha in enumerate([shas[-1], *dice.sample(shas, dice.choice([0, 1, 2]))]):
        world.box.git("tag", f"v{number}.{place}", sha)


@pytest.mark.parametrize("seed", range(6))
def test_every_release_holds_what_git_lists_after_every_fetch(world: World, seed: int) -> None:
    dice = random.Random(seed)
    shas = [world.box.head()]
    for number in range(2, 2 + ROUNDS):
        grow(world, dice, shas, number)
        world.fetch()
        for release in Release.objects.all():
            held = set(commits_in(release).values_list("sha", flat=True))
            assert held == world.box.rev_list(f"refs/tags/{release.tag}"), (number, release.tag)
    classes = set(Commit.objects.values_list("sha", "content_class_id"))
    compute_contents(actor=SYSTEM, repository=world.repository)
    assert set(Commit.objects.values_list("sha", "content_class_id")) == classes


def test_only_what_is_new_is_gone_over_behind_a_release_in_a_straight_line(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.draft("2.0", *(f"{n}" for n in range(5)))
    gone_over = gone_over_by(monkeypatch)
    world.draft("3.0", "One", "Two")
    assert gone_over == [2]


def test_a_release_branch_is_no_reason_to_go_over_everything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.draft("2.0", *(f"{n}" for n in range(5)))
    common = world.box.commit("Where the branch begins")
    world.box.branch("maintenance")
    world.draft("2.1", "Only there")
    world.box.git("checkout", "--quiet", "main")
    gone_over = gone_over_by(monkeypatch)
    world.draft("3.0", "On main")
    assert gone_over == [2]  # the commit where the branch began, too
    assert world.commit(common).content_class_id not in (
        world.commit(world.box.head()).content_class_id,
        world.release("2.0").commit.content_class_id,
    )


def test_a_tag_on_a_released_commit_goes_over_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.draft("2.0", "A")
    gone_over = gone_over_by(monkeypatch)
    world.box.tag("v2.0.0-again")
    world.box.commit("Beyond")
    world.fetch()
    assert gone_over == [0]
    again, first = world.release("2.0.0-again"), world.release("2.0")
    held = Holding.objects.filter(release=again).values_list("contentclass", flat=True)
    assert set(held) == set(Holding.objects.filter(release=first).values_list("contentclass", flat=True))


def test_without_a_release_behind_all_new_ones_everything_is_gone_over(world: World) -> None:
    world.box.git("checkout", "--quiet", "--orphan", "elsewhere")
    release = world.draft("0.1", "Another beginning")
    assert set(commits_in(release).values_list("sha", flat=True)) == world.box.rev_list("v0.1")


def gone_over_by(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many commits each later fetch goes over; -1 for all."""
    noted: list[int] = []

    def note(*args: object) -> object:
        update = prepare_growth(*args)  # type: ignore[arg-type]  # handed on as it came
        noted.append(-1 if update is None else len(update.bits_of))
        return update

    monkeypatch.setattr("releases.arrival.prepare_growth", note)
    return noted
