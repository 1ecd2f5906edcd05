"""Releases that are built from several repositories, on their page and in the API."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from releases.actions.set_companion import set_companion
from releases.models import Release
from tests.releases.test_api import get
from tests.releases.test_api import post as api_post
from tests.releases.test_pages import page
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def post(client: Client, release: Release, verb: str, status: int, *, at: str = "", **data: object) -> str:
    kwargs = {"component": release.component.slug, "version": release.version} | ({"repository": at} if at else {})
    response = client.post(reverse(f"releases:{verb}", kwargs=kwargs), data, follow=True)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_the_page_says_what_a_release_is_built_from_and_changes_it(world: World, boot: World) -> None:
    release = world.draft("1.1", "Fly")
    kari = world.cast.client_of("kari")
    text = page(kari, release.get_absolute_url())
    assert "Built from" in text
    assert '<option value="v0.9">' in text
    text = post(kari, release, "companion", 200, repository=boot.repository.pk, tag="v0.9")
    assert "is built from v0.9 of Bootloader too" in text
    assert "Begin the bootloader" not in text, "the release v0.9 was shipped with it before"
    assert "is no tag" in post(kari, release, "companion", 422, repository=boot.repository.pk, tag="v0.8")
    assert "Take out" in text
    assert "Take out" not in page(world.cast.client_of("ingrid"), release.get_absolute_url())
    text = post(kari, release, "companion_remove", 200, at=boot.repository.slug)
    assert "holds nothing of Bootloader any more" in text
    assert not release.companions.exists()


def test_where_there_is_one_repository_the_page_is_silent(world: World) -> None:
    release = world.draft("1.1", "Fly")
    assert "Built from" not in page(world.cast.client_of("kari"), release.get_absolute_url())


def test_the_page_asks_as_much_with_companions_as_without(
    world: World, boot: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    release = world.draft("1.1", "Fly")
    set_companion(actor=SYSTEM, release=release, repository=boot.repository, tag="v0.9")
    client = world.cast.client_of("kari")
    page(client, release.get_absolute_url())
    with django_assert_max_num_queries(40):
        page(client, release.get_absolute_url())


def test_the_api_sets_it_tells_it_and_takes_it_out(world: World, boot: World) -> None:
    release = world.draft("1.1", "Fly")
    magnus = world.cast.api_client_of("magnus")
    address = f"releases/{release.pk}/companions/"
    answer = api_post(magnus, address, {"repository": boot.repository.slug, "tag": "v0.9"})
    (told,) = answer["companions"]
    assert (told["repository"], told["tag"], told["commit"]) == (boot.repository.slug, "v0.9", boot.box.head())
    assert get(magnus, f"releases/{release.pk}/holds/{boot.box.head()}/")["holds"] is True
    listed = {commit["sha"] for commit in get(magnus, f"commits/?release={release.pk}")["results"]}
    assert listed == world.box.rev_list("v1.1") | boot.box.rev_list("v0.9")
    refused = api_post(magnus, address, {"repository": "nowhere", "tag": "v0.9"}, 422)
    assert refused["code"] == "input.repository_unknown"
    assert api_post(magnus, f"{address}remove/", {"repository": boot.repository.slug})["companions"] == []
    assert api_post(magnus, f"{address}remove/", {"repository": boot.repository.slug}, 404)["code"] == "companion.none"
    api_post(magnus, f"releases/{release.pk}/propose/")
    api_post(world.cast.api_client_of("kari"), f"releases/{release.pk}/approve/")
    late = api_post(magnus, address, {"repository": boot.repository.slug, "tag": "v0.9"}, 409)
    assert late["code"] == "companion.settled"
