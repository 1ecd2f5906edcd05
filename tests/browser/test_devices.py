"""A team's phone in a real browser: from the manager's code to an installation that counts, without any account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from foundation.accounts.actions.add_enrolment_code import add_enrolment_code
from foundation.accounts.actions.revoke_device import revoke_device
from foundation.accounts.devices import COOKIE
from foundation.accounts.enrolment import signed
from releases.models import Installation
from tests.browser.support import PHONE, Watch, check_page, path_of, problems, screenshot
from tests.cast import Cast
from tests.releases.world import make_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


@pytest.fixture(autouse=True)
def _no_counts_from_other_tests() -> None:
    cache.clear()


def test_the_pages_of_devices_look_right(cast: Cast, signed_in: SignedIn, live_server: Any) -> None:
    lost = cast.device(cast.north, "Телефон Богдана").device
    revoke_device(actor=cast.actor("solveig"), device=lost, reason="Lost near the river")
    tablet = cast.device(cast.north, "Tablet 2, crew Falcon")
    add_enrolment_code(actor=cast.actor("solveig"), team=cast.north, name="Tablet 3")
    page = signed_in(cast.solveig)
    check_page(page, "/devices/", "devices", languages=("en",))
    check_page(page, "/devices/north/", "team-devices", languages=("nb", "en"))
    check_page(page, f"/devices/north/{tablet.device.pk}/revoke/", "device-revoke", languages=("uk",))
    page.context.clear_cookies()
    check_page(page, "/enrol/?code=K7QM-2XPD-9TRA", "enrol", languages=("nb", "en", "uk"))
    check_page(page, "/enrol/?gone=1", "enrol-gone", languages=("en",))
    page.context.add_cookies([{"name": COOKIE, "value": signed(tablet.secret), "url": live_server.url}])
    check_page(page, "/report/", "device-report", languages=("en", "uk"))
    page.goto("/")
    page.locator("summary:has(.avatar)").click()
    expect(page.locator(".menu-head")).to_contain_text("Tablet 2, crew Falcon")
    assert not problems(page)
    screenshot(page, "device-menu")


def test_a_manager_makes_a_code_and_the_phone_reports_an_installation_that_counts(
    cast: Cast, tmp_path: Path, signed_in: SignedIn, browser: Browser, live_server: Any
) -> None:
    release = make_world(cast, tmp_path).published("1.1")
    manager = signed_in(cast.solveig)
    manager.goto("/")
    manager.locator("summary:has(.avatar)").click()
    manager.get_by_role("link", name="Devices").click()
    manager.get_by_role("link", name="North").click()
    manager.get_by_label("Name of the device").fill("Tablet 2")
    manager.get_by_role("button", name="Make the code").click()
    expect(manager.locator("img.qr")).to_be_visible()
    assert not problems(manager)
    screenshot(manager, "device-code-1440")
    manager.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of playwright's own
    manager.emulate_media(color_scheme="dark")
    assert not problems(manager)
    screenshot(manager, "device-code-390-dark")
    code = manager.locator(".handover-code code").inner_text()

    context = browser.new_context(base_url=live_server.url, locale="en-GB", viewport=PHONE)  # type: ignore[arg-type]  # as above
    watch = Watch(context.new_page())
    phone = watch.page
    phone.goto("/enrol/")
    phone.get_by_label("Code").fill(code.lower().replace("-", " "))
    phone.get_by_role("button", name="Enrol this device").click()
    expect(phone.locator("main")).to_contain_text("This is “Tablet 2” of North now.")
    assert not problems(phone)
    screenshot(phone, "device-home-390")
    phone.goto("/releases/autopilot/latest/")
    phone.get_by_role("link", name="We installed it").click()
    phone.get_by_label("On which hardware?").select_option(label="Quad 10 B")
    phone.get_by_role("button", name="It is installed").click()
    expect(phone.locator("main")).to_contain_text("Noted: North runs Autopilot 1.1 on Quad 10 B.")
    assert not problems(phone)
    installation = Installation.objects.get()
    assert (installation.release, installation.team, installation.told_by) == (release, cast.north, "Tablet 2")

    manager.goto("/adoption/")
    expect(manager.locator("main")).to_contain_text("1.1")
    manager.goto("/devices/north/")
    manager.get_by_role("link", name="Revoke Tablet 2").click()
    manager.get_by_label("Why?").fill("Lost")
    manager.get_by_role("button", name="Revoke the device").click()
    expect(manager.locator("main")).to_contain_text("“Tablet 2” is revoked")

    phone.goto("/report/")
    expect(phone.locator("main")).to_contain_text("enrolled no longer")
    assert path_of(phone) == "/enrol/"
    phone.goto("about:blank")
    context.close()
    watch.check()
