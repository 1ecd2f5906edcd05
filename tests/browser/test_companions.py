"""A release that is built from two repositories, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.support import check_page, problems
from tests.cast import Cast
from tests.releases.gitbox import GitBox
from tests.releases.world import join, make_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_another_repository_is_added_on_the_page(cast: Cast, tmp_path: Path, signed_in: Callable[[Any], Page]) -> None:
    world = make_world(cast, tmp_path)
    box = GitBox(tmp_path / "bootloader")
    box.commit("Begin the bootloader")
    boot = join(world, box, "Bootloader")
    box.commit("Boot faster after a brown-out")
    box.tag("stable-3")
    boot.fetch()
    release = world.draft("1.1", "Hold the height in fog")
    page = signed_in(cast.kari)
    page.goto(release.get_absolute_url())
    page.get_by_role("button", name="Add a repository").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Tag").fill("stable-3")
    assert not problems(page)
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("main")).to_contain_text("Boot faster after a brown-out")
    check_page(page, release.get_absolute_url(), "companions", languages=("uk", "nb", "en"))
    page.get_by_role("button", name="Take out").click()
    page.get_by_role("dialog").get_by_role("button", name="Take out").click()
    expect(page.locator("main")).not_to_contain_text("Boot faster after a brown-out")
