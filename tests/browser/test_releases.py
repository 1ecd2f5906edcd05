"""The pages of what ships in a real browser: their looks, and a release's way to a team's hardware."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from releases.actions.report_installation import report_installation
from releases.actions.withdraw_release import withdraw_release
from releases.models import Installation
from tests.browser.support import check_page, problems
from tests.cast import Cast
from tests.releases.world import make_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


def test_the_pages_of_what_ships_look_right(cast: Cast, tmp_path: Path, signed_in: SignedIn) -> None:
    world = make_world(cast, tmp_path)
    bad = world.published("1.2")
    report_installation(actor=cast.actor("olena"), release=bad, team=cast.north, hardware=cast.rev_a)
    good = world.published("1.3")
    withdraw_release(actor=cast.actor("kari"), release=bad, reason="Loses GNSS in rain.", replacement=good)
    world.draft("2.0", "Fix GNSS in rain\n\nCloses: FB-20", 'Revert "Two"', "ENG-34: shorter timeout")
    world.box.commit("Slipped in")
    world.box.tag("v1.3", force=True)
    world.fetch()
    page = signed_in(cast.kari)
    check_page(page, "/releases/", "releases", languages=("en", "uk", "nb"))
    check_page(page, "/releases/autopilot/2.0/", "release-draft", languages=("en", "uk"))
    for name, url in {
        "release-withdrawn": "/releases/autopilot/1.2/",
        "release-tag-moved": "/releases/autopilot/1.3/",
        "release-notes": "/releases/autopilot/2.0/notes/",
        "repositories": "/repositories/",
        "repository": "/repositories/autopilot-firmware/",
        "repository-add": "/repositories/add/",
        "channels": "/channels/",
        "installations": "/installations/",
    }.items():
        check_page(page, url, name, languages=("en",))
    check_page(signed_in(cast.olena), "/installations/report/", "installation-report", languages=("uk", "en"))


def test_a_release_is_published_and_a_team_says_that_it_runs_it(
    cast: Cast, tmp_path: Path, signed_in: SignedIn
) -> None:
    world = make_world(cast, tmp_path)
    world.published("1.0.1")  # subscribes North to the fleet
    release = world.draft("1.1", "Warm up the radio\n\nFixes: FB-12")
    page = signed_in(cast.magnus)
    page.goto(release.get_absolute_url())
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("main")).to_contain_text("waits for somebody else's approval")
    page = signed_in(cast.henrik)
    page.goto(release.get_absolute_url())
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Publish: fleet").click()
    expect(page.locator("main")).to_contain_text("is out on “fleet”")
    assert not problems(page)

    page = signed_in(cast.olena)
    page.goto("/releases/autopilot/latest/")
    page.get_by_role("link", name="We installed it").click()
    expect(page.get_by_label("Which version?")).to_have_value(str(release.pk))
    page.get_by_label("On which hardware?").select_option(label="Quad 10 B")
    page.get_by_role("button", name="It is installed").click()
    expect(page.locator("main")).to_contain_text("Noted: North runs Autopilot 1.1 on Quad 10 B.")
    assert Installation.objects.get().release_id == release.pk

    page = signed_in(cast.kari)
    page.goto(release.get_absolute_url())
    page.get_by_role("button", name="Withdraw").first.click()
    page.get_by_label("Why?").fill("Drifts in the cold.")
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(page.locator("main")).to_contain_text("Withdrawn: do not install it.")
    assert not problems(page)
