"""What ships in a random world: repositories, releases on their channels, and where they are installed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from foundation.accounts.models import Team
from foundation.catalogue.models import Component
from releases.models import (
    Commit,
    ContentClass,
    Fetch,
    Holding,
    Installation,
    Publication,
    Release,
    Repository,
    Subscription,
)
from tests.cycles.slow_chance import Chance
from tests.cycles.world import DAY0


def ship(chance: Chance, component: Component) -> list[Release]:
    """A straight history: each release holds all commits up to its own."""
    repository = Repository.objects.create(
        component=component, slug=component.slug, name=component.name, url="x", added_at=DAY0, next_fetch_at=DAY0
    )
    fetch = Fetch.objects.create(repository=repository, at=DAY0)
    found: list[Release] = []
    at = DAY0 - timedelta(days=20)
    classes: list[ContentClass] = []
    for number in range(chance.random.randint(3, 11)):
        commits = []
        group = ContentClass.objects.create(repository=repository)
        classes.append(group)
        for _ in range(chance.random.randint(1, 4)):
            at += chance.step(6)
            commits.append(
                Commit(
                    repository=repository, fetch=fetch, sha=uuid4().hex + "00000000", author="a", authored_at=at,
                    committed_at=at, subject="s", content_class=group,
                )
            )  # fmt: skip
        Commit.objects.bulk_create(commits)
        drafted = at + chance.step(2)
        withdrawn = drafted + chance.step(30) if chance.often(25) else None
        if withdrawn is not None and withdrawn > chance.now:
            withdrawn = None
        one = Release.objects.create(
            component=component, repository=repository, version=f"1.{number}", tag=f"v1.{number}",
            tag_object=commits[-1].sha, commit=commits[-1], sequence=number + 1, drafted_at=drafted,
            state="withdrawn" if withdrawn else "published", withdrawn_at=withdrawn,
            withdrawn_reason="-" if withdrawn else "", imported=number == 0 and chance.often(50),
        )  # fmt: skip
        for held in classes:
            Holding.objects.create(contentclass=held, release=one)
        _publish(chance, one, drafted)
        found.append(one)
    teams = [chance.cast.west] if component == chance.cast.foreign_component else [chance.cast.north, chance.cast.east]
    for team in teams:
        if chance.often(80):
            channel = chance.random.choice(["lab", "pilot", "fleet"])
            Subscription.objects.create(team=team, component=component, channel=channel)
        _install(chance, team, found)
    return found


def _publish(chance: Chance, release: Release, drafted: datetime) -> None:
    at = drafted
    for channel in ["lab", "pilot", "fleet"][: chance.random.randint(0, 3)]:
        at += chance.step(3)
        if at < chance.now:
            Publication.objects.create(release=release, channel=channel, at=at)


def _install(chance: Chance, team: Team, some: list[Release]) -> None:
    for release in some:
        for _ in range(chance.random.choice([0, 1, 1, 2])):
            at = release.drafted_at + chance.step(12)
            if at < chance.now:
                Installation.objects.create(
                    release=release, team=team, installed_at=at, reported_at=chance.now,
                    hardware=chance.random.choice([chance.cast.rev_a, chance.cast.rev_b]),
                )  # fmt: skip
