"""The pages of rollouts in a real browser: their looks, and a rollout from its plan to its pause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from releases.actions.withdraw_release import withdraw_release
from releases.rollouts.actions.advance_rollout import advance_rollout
from releases.rollouts.actions.answer_rollout import answer_rollout
from releases.rollouts.actions.note_result import note_result
from releases.rollouts.actions.warn_teams import warn_teams
from releases.rollouts.models import Rollout
from tests.browser.support import Watch, check_page, problems
from tests.cast import Cast
from tests.releases import api_world
from tests.rollouts.world import World, make_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


def under_way(world: World) -> Rollout:
    """A rollout in its second group: one runs it, one cannot be reached."""
    rollout = world.start()
    note_result(actor=SYSTEM, release_id=rollout.release_id, team_id=world.cast.north.pk, known_at=clock.now())
    advance_rollout(actor=world.cast.actor("kari"), rollout=rollout, reason="North has flown it for a week")
    answer_rollout(
        actor=SYSTEM, rollout=rollout, team=world.south, answer="unreachable", note="No connection since Monday"
    )
    return rollout


def test_the_pages_of_rollouts_look_right(cast: Cast, signed_in: SignedIn) -> None:
    world = make_world(cast)
    bad = api_world.installation(cast, api_world.published(cast, "1.9")).release
    rollout = under_way(world)
    withdraw_release(actor=SYSTEM, release=bad, reason="It loses GNSS in rain.", replacement=rollout.release)
    warn_teams(actor=SYSTEM, release=bad)
    release = world.approved("2.1")
    page = signed_in(cast.kari)
    check_page(page, rollout.get_absolute_url(), "rollout", languages=("en", "uk"))
    check_page(page, "/rollouts/", "rollouts", languages=("en", "nb"))
    check_page(page, "/rollouts/start/", "rollout-choose", languages=("en",))
    check_page(page, f"/rollouts/start/?release={release.pk}&channel=fleet", "rollout-start", languages=("en", "uk"))
    check_page(page, bad.get_absolute_url(), "release-tombstone", languages=("en",))
    check_page(signed_in(cast.stepan), "/my/", "my-rollout", languages=("en", "uk"))
    check_page(signed_in(cast.olena), "/my/", "my-withdrawn", languages=("en", "uk"))


def test_the_pages_of_results_look_right(cast: Cast, signed_in: SignedIn, watch: Watch) -> None:
    world = make_world(cast)
    with clock.at(clock.now() - timedelta(weeks=5)):
        old = api_world.installation(cast, api_world.published(cast, "1.9")).release
    with clock.at(clock.now() - timedelta(weeks=2)):
        under_way(world)
    withdraw_release(actor=SYSTEM, release=old, reason="It loses GNSS in rain.")
    page = signed_in(cast.kari)
    for name, url in {
        "rollout-timeline": "/rollouts/timeline/?months=3",
        "adoption": "/adoption/",
        "installations-upload": "/installations/upload/",
        "verdict-board": "/verdicts/",
    }.items():
        check_page(page, url, name, languages=("uk", "en"))
    page.goto("/installations/upload/")
    head = "component,version,team,hardware,installed_at"
    page.get_by_label("Or the lines themselves").fill(f"{head}\nautopilot,9.9,north,A,2026-11-20 12:00\n")
    watch.expect_errors(422)
    with page.expect_response("**/installations/upload/") as refused:
        page.get_by_role("button", name="Report them").click()
    assert refused.value.status == 422
    expect(page.locator("main")).to_contain_text("1 line was not taken")
    assert not problems(page)


def test_a_rollout_is_planned_begun_and_paused_by_hand(cast: Cast, signed_in: SignedIn) -> None:
    world = make_world(cast)
    release = world.approved("2.1")
    page = signed_in(cast.kari)
    page.goto("/rollouts/")
    page.get_by_role("link", name="Start a rollout").first.click()
    page.get_by_role("link", name="fleet").click()
    page.get_by_role("link", name="2 groups").click()
    page.get_by_label("North: group 1").check()
    page.get_by_label("South: later").check()
    page.get_by_label("Group 2 has a gate").check()
    page.get_by_label("Success threshold, %").fill("80")
    page.get_by_role("button", name="Start: fleet").click()
    expect(page.locator("main")).to_contain_text(f"group 1 is offered {release}")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("dialog").get_by_label("Why?").fill("A report comes in")
    page.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(page.locator("main")).to_contain_text("Paused: A report comes in")
    assert not problems(page)
    page.get_by_role("button", name="Say what is known of North").click()
    page.get_by_role("dialog").get_by_label("Answer").select_option(label="unreachable")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Noted for North: unreachable")
    rollout = Rollout.objects.get()
    assert (rollout.success_percent, rollout.groups.count(), rollout.teams.count()) == (80, 2, 3)
