"""The pages of repositories in a real browser: a history that comes in, bundles, and the webhook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from foundation.kit.errors import Invalid
from releases.actions.take_in_bundle import take_in_bundle
from releases.actions.upload_bundle import upload_bundle
from releases.hooks.actions.make_secret import make_secret
from releases.models import FetchProgress
from tests.browser.support import check_page
from tests.cast import Cast
from tests.hooks.senders import github, gitlab_token, send
from tests.releases.world import make_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


def test_a_history_that_comes_in_bundles_and_the_webhook_look_right(
    cast: Cast, tmp_path: Path, signed_in: SignedIn
) -> None:
    world = make_world(cast, tmp_path)
    repository = world.repository
    secret = make_secret(actor=SYSTEM, repository=repository)
    send(repository.slug, github(secret, event="ping", delivery="6f0c3f10-cc78-11e3-81ab-4c9367dc0958"))
    send(repository.slug, gitlab_token("wrong"))
    send(repository.slug, github(secret))
    refused = upload_bundle(
        actor=SYSTEM, repository=repository, file=ContentFile(b"# v9 git bundle\n"), name="autopilot-2026-05.bundle"
    )
    with pytest.raises(Invalid):
        take_in_bundle(actor=SYSTEM, bundle=refused)
    now = clock.now()
    FetchProgress.objects.create(repository=repository, step="commits", done=12_000, total=50_000, began_at=now, at=now)
    page = signed_in(cast.kari)
    check_page(page, f"/repositories/{repository.slug}/", "repository-underway", languages=("en", "uk", "nb"))
    check_page(page, f"/repositories/{repository.slug}/hook/", "hook", languages=("en", "uk", "nb"))


def test_progress_goes_on_by_itself_and_the_page_is_new_at_its_end(
    cast: Cast, tmp_path: Path, signed_in: SignedIn
) -> None:
    world = make_world(cast, tmp_path)
    now = clock.now()
    row = FetchProgress.objects.create(
        repository=world.repository, step="mirror", done=5 << 20, total=0, began_at=now, at=now
    )
    page = signed_in(cast.kari)
    page.goto(world.repository.get_absolute_url())
    expect(page.get_by_text("5 MB so far")).to_be_visible()
    FetchProgress.objects.filter(pk=row.pk).update(step="commits", done=25, total=50)
    expect(page.get_by_text("25 of 50 commits (50 %)")).to_be_visible(timeout=15_000)
    row.delete()
    expect(page.get_by_role("status").filter(has_text="commits")).to_have_count(0, timeout=15_000)


def test_a_secret_is_made_and_shown_once(cast: Cast, tmp_path: Path, signed_in: SignedIn) -> None:
    world = make_world(cast, tmp_path)
    page = signed_in(cast.kari)
    page.goto(world.repository.get_absolute_url())
    page.get_by_role("link", name="Set up").click()
    page.get_by_role("button", name="Make the secret").click()
    secret = page.get_by_role("alert").locator("code").inner_text()
    assert send(world.repository.slug, github(secret)).status_code == 202
    page.goto(f"/repositories/{world.repository.slug}/hook/")
    expect(page.get_by_text(secret)).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="GitHub: push")).to_be_visible()
