"""What is signed of a release that is built from several repositories names a commit of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal import record
from releases.artifacts import manifest
from releases.artifacts.models import Manifest
from releases.artifacts.signed import signed_state
from releases.kinds import CompanionRemoved
from releases.models import Companion, Release
from tests.artifacts.world import World
from tests.releases import api_world

pytestmark = pytest.mark.django_db


def sealed(world: World, release: Release) -> manifest.Manifest:
    return manifest.read(bytes(world.sealed(release).content))


def test_the_manifest_and_the_bill_name_every_repository(world: World) -> None:
    release = api_world.joined(world.cast)
    world.artifact(release)
    companion = release.companions.get()
    content = sealed(world, release)
    beside = manifest.Beside("bootloader", "boot-1", companion.tag_object, companion.commit.sha)
    assert content.companions == (beside,)
    assert content.canonical() == bytes(world.sealed(release).content)
    assert f"{companion.commit.sha} boot-1" in bytes(world.sealed(release).sbom).decode()
    assert signed_state(release).changed == []


def test_without_companions_a_manifest_says_nothing_of_them(world: World) -> None:
    release = world.draft()
    world.artifact(release)
    assert b"companions" not in bytes(world.sealed(release).content)


@pytest.mark.django_db(transaction=True)
def test_a_release_that_is_built_from_something_else_is_sealed_anew(world: World, drain: Callable[[], None]) -> None:
    release = api_world.joined(world.cast)
    world.artifact(release)
    before = world.sealed(release)
    drain()
    assert Manifest.objects.get(superseded_at=None) == before, "nothing changed since"
    Companion.objects.filter(release=release).delete()
    (why,) = signed_state(release).changed
    assert "built from other commits" in why
    with transaction.atomic():
        record(CompanionRemoved(repository_id=1, repository="Boot", tag="boot-1"), subject=release, actor=SYSTEM)
    drain()
    assert sealed(world, release).companions == ()
    assert signed_state(release).changed == []
