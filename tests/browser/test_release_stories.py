"""The pages that tell what releases mean, in a real browser: fixes, comparison, matrix, next release, graph, notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from frontline_feedback.actions import give_verdict
from frontline_feedback.models import Ticket
from releases.actions.add_repository import add_repository
from releases.actions.fetch_repository import fetch_repository
from releases.actions.generate_notes import generate_notes
from releases.actions.set_term import set_term
from releases.actions.withdraw_release import withdraw_release
from tests.browser.support import check_page, problems
from tests.cast import Cast
from tests.loop.conftest import Way
from tests.releases.gitbox import real_history
from tests.releases.world import make_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


@pytest.fixture
def told(cast: Cast, tmp_path: Path, drain: Callable[[], None]) -> Way:
    """Two releases, one of which took a fix back; work for the next; a line that parted."""
    way = Way(cast, make_world(cast, tmp_path))
    way.subscribe(cast.north)
    way.subscribe(cast.east)
    start = clock.now() - timedelta(days=90)
    with clock.at(start):
        tickets = [way.accept(way.report()), way.accept(way.report(team=cast.east, by="stepan"))]
        tasks = [way.open_task(ticket) for ticket in tickets]
        shas = [way.commit(f"Reject steps, part {n}\n\nFixes: {task.key}") for n, task in enumerate(tasks)]
        drain()
        for task in tasks:
            way.finish(task)
        first = way.world.published("1.1", "pilot")
    with clock.at(start + timedelta(days=20)):
        way.world.box.commit(f'Revert "Reject steps, part 1"\n\nThis reverts commit {shas[1]}.')
        second = way.world.published("1.2")
        drain()
    with clock.at(start + timedelta(days=30)):
        way.install(second)
        drain()
    with clock.at(start + timedelta(days=31)):
        give_verdict(actor=cast.actor("olena"), ticket=tickets[0], release=second, outcome="worse")
        withdraw_release(actor=cast.actor("kari"), release=first, reason="Loses GNSS.", replacement=second)
    set_term(actor=cast.actor("kari"), programme=cast.programme, en="steps", uk="стрибки", nb="hopp")
    way.world.box.branch("old", "v1.0")
    way.world.draft("1.0.1", "A word of caution")
    way.world.box.git("checkout", "--quiet", "main")
    later = way.open_task(way.accept(way.report()))
    way.commit(f"Filter harder\n\nRefs: {later.key}")
    way.commit("Tidy up (#12)")
    drain()
    generate_notes(actor=cast.actor("kari"), release=way.world.release("1.0.1"))
    return way


def test_the_pages_of_what_releases_mean_look_right(told: Way, signed_in: SignedIn) -> None:
    cast = told.cast
    page = signed_in(cast.kari)
    pages = {
        "release-story": "/releases/autopilot/1.2/",
        "compare": "/releases/autopilot/1.2/compare/?to=1.1",
        "matrix": "/traceability/",
        "next-release": "/next-release/autopilot/",
        "graph": "/releases/autopilot/graph/",
        "notes-read": "/releases/autopilot/1.2/notes/read/",
        "notes-translate": "/releases/autopilot/1.2/notes/in/uk/",
        "glossary": "/glossary/",
        "backports": "/backports/?state=certain",
        "patterns": "/repositories/autopilot-firmware/patterns/",
        "fix-in": f"/{Ticket.objects.earliest('pk').key}/in?in=1.2",
        "release-list-links": "/releases/",
    }
    for name, url in pages.items():
        check_page(page, url, name, languages=("en",))
    check_page(signed_in(cast.olena), "/is-fixed/", "is-fixed", languages=("en", "uk"))


def test_the_commands_to_cut_a_release_are_shown(told: Way, signed_in: SignedIn) -> None:
    page = signed_in(told.cast.kari)
    page.goto("/next-release/autopilot/")
    page.get_by_role("button", name="Show the commands").click()
    expect(page.locator("main")).to_contain_text("git push origin refs/tags/v1.3")
    check = problems(page)
    assert not check


def test_a_graph_of_eighty_tags_stays_readable(
    cast: Cast, tmp_path: Path, transactional_db: None, signed_in: SignedIn, settings: Any
) -> None:
    folder = real_history(tmp_path / "real.git")
    settings.FIELDLOOP_GIT_FILE_ROOTS = [tmp_path]
    repository = add_repository(actor=SYSTEM, component=cast.radio, url=str(folder), name="Real")
    fetch_repository(actor=SYSTEM, repository=repository)
    check_page(signed_in(cast.kari), "/releases/radio/graph/", "graph-real", languages=("en",))
