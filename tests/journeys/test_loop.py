"""The whole loop through the browser and through git, on a house that really runs; nothing by the back door."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import House
from tests.releases.gitbox import GitBox

pytestmark = pytest.mark.browser


def furnish(house: House, origin: Path) -> None:
    """The first day: the operator makes the first account, the administrator everything else."""
    house.add_person("arne", "admin", "office", new_team="Office")
    house.add_person("ingrid", "triager", "office")
    house.add_person("kari", "release_manager", "office")
    house.add_person("henrik", "release_manager", "office")
    house.add_person("solveig", "manager", "office")
    house.add_person("magnus", "engineer", "oslo", new_team="Oslo")
    house.add_person("olena", "reporter", "desna", language="uk", new_team="Десна", team_kind="field")
    arne = house.person("arne")
    arne.open("/catalogue/add-programme/")
    arne.fill(name="Sokil", slug="sokil")
    arne.choose(time_zone="Europe/Kyiv")
    arne.press("main form button.btn-primary")
    for team in ("Office", "Oslo", "Десна"):
        arne.open("/catalogue/programmes/sokil/")
        if arne.page.locator("table td").get_by_text(team, exact=True).count() == 0:
            arne.choose(team=team)
            arne.press("form[action$='/teams/'] button")
    for kind, name, slug in (("component", "Radio link", "radio"), ("platform", "Quad 10", "quad-10")):
        arne.open(f"/catalogue/add-{kind}/")
        arne.choose(programme="Sokil")
        arne.fill(name=name, slug=slug)
        arne.press("main form button.btn-primary")
    arne.open("/catalogue/platforms/quad-10/")
    arne.page.locator("form[action$='/hardware/'] [name=name]").fill("A")
    arne.press("form[action$='/hardware/'] button")
    house.manage("add_repository", f"--url={origin}", "--component=radio", "--name=Radio firmware")


def test_a_report_from_the_front_becomes_proven_firmware(house: House, tmp_path: Path) -> None:
    box = GitBox(tmp_path / "radio")
    box.commit("First light")
    box.tag("v1.0.0")
    furnish(house, box.path)

    # The fleet receives this component.
    kari = house.person("kari")
    kari.open("/channels/")
    row = kari.page.locator("tr", has_text="Десна")
    row.locator("select[name=channel]").select_option("fleet")
    row.locator("button").click()

    # The front reports, in Ukrainian, within a minute.
    olena = house.person("olena")
    olena.open("/report/")
    expect(olena.page.locator("html")).to_have_attribute("lang", "uk")
    olena.fill(title="Зв'язок зникає на морозі")
    olena.pick("severity", "S2")
    for field, label in (("platform", "Quad 10"), ("component", "Radio link")):
        select = olena.page.locator(f"select[name={field}]")
        if select.input_value() == "":
            select.select_option(label)
    olena.press("#report-form button.btn-primary")
    expect(olena.page).to_have_url(re.compile(r"/report/FB-\d+"))
    key = olena.page.url.rsplit("/", 1)[-1]

    # Triage accepts it by one key.
    ingrid = house.person("ingrid")
    ingrid.open(f"/triage/{key}")
    ingrid.sees("Зв'язок зникає на морозі")
    with ingrid.page.expect_navigation():
        ingrid.page.keyboard.press("a")

    # An engineer takes it on, and commits.
    magnus = house.person("magnus")
    magnus.open(f"/{key}")
    magnus.press(f"a[href='/tasks/open/?ticket={key}']")
    magnus.page.locator("[name=assign_to_me]").check()
    magnus.press("main form button.btn-primary")
    expect(magnus.page).to_have_url(re.compile(r"/ENG-\d+$"))
    task = magnus.page.url.rsplit("/", 1)[-1]
    sha = box.commit(f"Warm up the oscillator before the first hop\n\nFixes: {task}\n")
    kari.open("/repositories/radio-firmware/")
    kari.press("form[action$='/fetch/'] button")
    magnus.waits_for(sha[:9])
    magnus.waits_for("its first commit came in")
    magnus.press("button[name=stage][value=test]")
    magnus.press("button[name=stage][value=done]")

    # The tag becomes a release; one proposes it, another approves and publishes.
    box.tag("v1.1.0")
    kari.open("/repositories/radio-firmware/")
    kari.press("form[action$='/fetch/'] button")
    kari.open("/releases/")
    kari.waits_for_link("a[href='/releases/radio/1.1.0/']")
    kari.open("/releases/radio/1.1.0/")
    kari.sees("Warm up the oscillator before the first hop")
    expect(kari.page.locator("main")).to_contain_text(key)
    kari.press("form[action$='/propose/'] button")
    expect(kari.page.locator("form[action$='/approve/'] button")).to_be_disabled()
    henrik = house.person("henrik")
    henrik.open("/releases/radio/1.1.0/")
    henrik.press("form[action$='/approve/'] button")
    for channel in ("lab", "pilot", "fleet"):
        henrik.press(f"button[name=channel][value={channel}]")

    # The team is asked to install it, does, and judges.
    olena.open("/my/")
    olena.waits_for("1.1.0")
    olena.press("a[href*='/installations/report/']")
    olena.choose(hardware="Quad 10 A")
    olena.press("main form button.btn-primary")
    olena.open(f"/{key}")
    olena.waits_for_link("input[name=outcome][value=fixed]")
    olena.pick("outcome", "fixed")
    olena.press("form[action$='/verdict'] button.btn-primary")

    # The ticket tells the whole story, and whether a version has the fix.
    magnus.open(f"/{key}")
    for expected in (task, "1.1.0", "Over after"):
        magnus.waits_for(expected)
    magnus.fill(version="1.1.0")
    magnus.press("form[action$='/in'] button")
    magnus.sees(f"Yes: the fix for {key} is in 1.1.0")
    magnus.open(f"/{key}/in?version=1.0.0")
    magnus.sees("1.1.0 is the first release with it")

    # The managers' page counts it, and leads to it.
    solveig = house.person("solveig")
    solveig.open("/reports/tickets/")
    solveig.waits_for(key)

    # Nothing was altered on the way.
    assert house.manage("verify_journal").startswith("Intact: ")
