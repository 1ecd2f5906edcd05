"""The pages of sticks in a real browser: their looks, a bundle taken, a bundle brought in, a receipt."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from foundation.accounts.actors import SYSTEM
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.actions.take_receipts import take_receipts
from releases.bundles.making import bundle_of
from tests.artifacts.world import World
from tests.browser.support import check_page
from tests.bundles.site import forget_the_origin
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]
LINE = "team: north\ncomponent: autopilot\nversion: {}\nhardware: A\ninstalled_at: 2026-03-01 14:30\n"


def test_the_pages_of_sticks_look_right(cast: Cast, signed_in: SignedIn) -> None:
    world = World(cast)
    release = world.published().release
    content = b"".join(bundle_of(SYSTEM, release, cast.north).read())
    page = signed_in(cast.kari)
    check_page(page, release.get_absolute_url(), "release-with-stick", languages=("en",))
    check_page(page, "/sticks/", "sticks-empty", languages=("en",))
    forget_the_origin()
    bundle = import_bundle(actor=cast.actor("kari"), file=io.BytesIO(content), channel="fleet")
    said = f"{LINE.format('1.0')}ticket: FB-1\nverdict: fixed\n---\n{LINE.format('7')}"
    take_receipts(actor=cast.actor("olena"), content=said.encode(), source="receipt.txt")
    check_page(page, "/sticks/", "sticks", languages=("en", "uk"))
    check_page(page, "/sticks/import/", "stick-import", languages=("en", "nb"))
    check_page(page, bundle.get_absolute_url(), "stick", languages=("en", "uk"))
    check_page(page, "/sticks/receipts/", "receipts", languages=("en", "uk"))
    check_page(signed_in(cast.olena), bundle.get_absolute_url(), "stick-of-a-team", languages=("uk",))


def test_a_bundle_is_taken_by_one_site_and_brought_in_by_another(
    cast: Cast, signed_in: SignedIn, tmp_path: Path
) -> None:
    release = World(cast).published().release
    page = signed_in(cast.olena)
    page.goto(release.get_absolute_url())
    with page.expect_download() as caught:
        page.get_by_role("button", name="Take the bundle").click()
    path = tmp_path / caught.value.suggested_filename
    caught.value.save_as(path)
    assert path.name == "autopilot-1.0.tar"
    forget_the_origin()

    page = signed_in(cast.kari)
    page.goto("/sticks/import/")
    page.get_by_label("The bundle").set_input_files(path)
    page.get_by_label("Give it out here on").select_option("fleet")
    page.get_by_role("button", name="Check it and take it in").click()
    expect(page.get_by_role("heading", name="Autopilot 1.0", level=1)).to_be_visible()

    page = signed_in(cast.olena)
    page.goto("/sticks/")
    page.get_by_role("link", name="Autopilot 1.0").click()
    page.get_by_label("On which hardware?").select_option(label="Quad 10 A")
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("Noted. The receipt goes back with the next stick.")).to_be_visible()
    expect(page.get_by_text("to be carried on")).to_be_visible()
