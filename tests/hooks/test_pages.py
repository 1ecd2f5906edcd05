"""The page of a repository's webhook: what to enter, a secret shown once, and what came."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit.errors import Forbidden
from releases.hooks.actions.make_secret import make_secret
from releases.hooks.models import HookSecret
from tests.cast import Cast
from tests.hooks.senders import github, is_base64, send
from tests.releases import api_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.kari)
    return client


def test_a_secret_is_shown_once_and_stored_sealed(cast: Cast, client: Client) -> None:
    repository = api_world.repository(cast)
    page = client.post(f"/repositories/{repository.slug}/hook/secret/")
    secret = page.context["secret"]
    assert is_base64(secret)
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    row = HookSecret.objects.get()
    assert secret.removeprefix("whsec_") not in row.sealed
    again = client.get(f"/repositories/{repository.slug}/hook/").content.decode()
    assert secret not in again
    assert f"http://testserver/hooks/git/{repository.slug}/" in again
    assert Entry.objects.filter(kind="repository.hook_secret_made").count() == 1
    assert send(repository.slug, github(secret)).status_code == 202


def test_the_page_shows_what_came_and_the_panel_the_last_of_it(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    repository = api_world.repository(cast)
    secret = make_secret(actor=SYSTEM, repository=repository)
    for number in range(12):
        send(repository.slug, github(secret, delivery=f"nr-{number}"))
    send(repository.slug, github("wrong"))
    with django_assert_max_num_queries(12):
        page = client.get(f"/repositories/{repository.slug}/hook/").content.decode()
    assert "nr-11" in page
    assert "hook.signature_wrong" in page
    with django_assert_max_num_queries(10):
        panel = client.get(f"/repositories/{repository.slug}/hook/panel/").content.decode()
    assert "GitHub" in panel
    assert f"/repositories/{repository.slug}/hook/panel/" in client.get(repository.get_absolute_url()).content.decode()


def test_revoking_turns_the_hook_off(cast: Cast, client: Client) -> None:
    repository = api_world.repository(cast)
    make_secret(actor=SYSTEM, repository=repository)
    assert client.post(f"/repositories/{repository.slug}/hook/revoke/").status_code == 302
    assert Entry.objects.filter(kind="repository.hook_secrets_revoked").exists()
    assert not HookSecret.objects.filter(expires_at=None).exists()


def test_an_engineer_may_look_and_not_make_secrets(cast: Cast) -> None:
    repository = api_world.repository(cast)
    with pytest.raises(Forbidden):
        make_secret(actor=cast.actor("magnus"), repository=repository)
