"""The pages of rollouts: start one, watch it, stop it; and what a field team sees of it."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from releases.actions.withdraw_release import withdraw_release
from releases.models import Release
from releases.rollouts.actions.note_result import note_result
from releases.rollouts.actions.pause_rollout import pause_rollout
from releases.rollouts.actions.warn_teams import warn_teams
from releases.rollouts.forms import proposal
from releases.rollouts.models import Rollout, WithdrawalWarning
from tests.releases import api_world
from tests.rollouts.world import START, World

pytestmark = pytest.mark.django_db


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response
    return response.content.decode()


def plan(world: World, release: Release, **more: object) -> dict[str, object]:
    return {
        f"team_{world.cast.north.pk}": "1",
        f"team_{world.cast.east.pk}": "2",
        f"team_{world.south.pk}": "2",
        f"team_{world.polissia.pk}": "0",
        "soak_1": "12",
        "soak_2": "24",
        "gate_2": "on",
        "success_percent": "80",
        "error_percent": "25",
        "worse_limit": "1",
        "tell": [world.cast.henrik.pk],
        **more,
    }


def test_a_rollout_is_started_from_a_proposal(world: World) -> None:
    release = world.approved()
    client = world.cast.client_of("kari")
    assert f"?release={release.pk}&amp;channel=fleet" in page(client, "/rollouts/start/")
    url = f"/rollouts/start/?release={release.pk}&channel=fleet&groups=2"
    assert "Полісся: group 2" in page(client, url)
    response = client.post(url, plan(world, release), follow=True)
    assert "The rollout has begun" in response.content.decode()
    rollout = Rollout.objects.get()
    assert [[row.team.slug for row in group.teams.all()] for group in rollout.groups.all()] == [
        ["north"],
        ["east", "south"],
    ]
    assert (rollout.success_percent, rollout.error_percent, rollout.worse_limit) == (80, 25, 1)
    assert [(group.soak_hours, group.gate) for group in rollout.groups.all()] == [(12, False), (24, True)]
    assert list(rollout.tell.all()) == [world.cast.henrik]
    assert "A rollout of this release is on its way" in page(client, url)


def test_a_plan_without_teams_is_told_on_the_form(world: World) -> None:
    release = world.approved()
    url = f"/rollouts/start/?release={release.pk}&channel=fleet&groups=2"
    nobody = {name: "0" for name in plan(world, release) if name.startswith("team_")}
    response = world.cast.client_of("kari").post(url, plan(world, release, **nobody))
    assert response.status_code == 422
    assert "at least one team" in response.content.decode()
    assert not Rollout.objects.exists()


@pytest.mark.parametrize(("teams", "groups"), [(1, 1), (4, 3), (9, 3), (100, 6), (6, 6), (7, 1)])
def test_a_proposal_asks_a_few_first_and_leaves_no_group_empty(teams: int, groups: int) -> None:
    found = proposal(teams, groups)
    counts = [found.count(number) for number in range(1, groups + 1)]
    assert sum(counts) == len(found) == teams
    assert all(counts)
    assert found == sorted(found)
    assert counts[0] == min(counts)


def test_the_page_shows_groups_and_answers_and_its_buttons_work(world: World) -> None:
    rollout = world.start()
    client, url = world.cast.client_of("kari"), rollout.get_absolute_url()
    text = page(client, url)
    assert "Watches the current group" in text
    assert "Begin group 2" in text
    for verb, data, says in [
        ("pause", {"reason": "A report"}, "Paused: A report"),
        ("resume", {}, "The rollout goes on"),
        ("advance", {"reason": "Now"}, "one group further"),
        ("answer", {"team": world.south.pk, "answer": "unreachable", "note": ""}, "Noted for South: unreachable"),
        ("abort", {"reason": "A better one"}, "The rollout is aborted"),
    ]:
        response = client.post(f"{url}{verb}/", data, follow=True)
        assert says in response.content.decode(), verb
    assert client.post(f"{url}pause/", {"reason": "Late"}).status_code == 409
    assert "Abort</button>" not in page(client, url)


def test_who_was_told_sees_it_until_read(world: World) -> None:
    rollout = world.start()
    pause_rollout(actor=world.cast.actor("kari"), rollout=rollout, reason="A report comes in")
    client = world.cast.client_of("magnus")
    assert "A report comes in" in page(client, "/rollouts/")
    telling = rollout.tellings.get(user=world.cast.magnus)
    assert world.cast.client_of("kari").post(f"/rollouts/told/{telling.pk}/read/").status_code == 404
    assert client.post(f"/rollouts/told/{telling.pk}/read/").status_code == 302
    assert "paused." not in page(client, "/rollouts/")


def test_a_field_team_is_asked_and_says_how_it_went(world: World) -> None:
    rollout = world.start()
    olena, stepan = world.cast.client_of("olena"), world.cast.client_of("stepan")
    assert "New for your team" in page(olena, "/my/")
    assert "New for your team" not in page(stepan, "/my/")
    data = {"team": world.cast.north.pk, "answer": "worse", "note": "It drifts", "next": "/my/"}
    response = olena.post(f"/rollouts/{rollout.pk}/answer/", data, follow=True)
    assert response.redirect_chain == [("/my/", 302)]
    assert "Noted for North" in response.content.decode()
    rollout.refresh_from_db()
    assert rollout.state == "paused"


def test_a_team_that_runs_a_withdrawn_release_sees_a_banner_until_it_runs_another(world: World) -> None:
    installation = api_world.installation(world.cast, api_world.published(world.cast, "1.0"))
    good = api_world.published(world.cast, "1.1")
    withdraw_release(actor=SYSTEM, release=installation.release, reason="It loses GNSS.", replacement=good)
    warn_teams(actor=SYSTEM, release=installation.release)
    olena = world.cast.client_of("olena")
    text = page(olena, "/my/")
    assert "Autopilot 1.0 is withdrawn: do not use it" in text
    assert "Install Autopilot 1.1" in text
    warning = WithdrawalWarning.objects.get()
    assert world.cast.client_of("stepan").post(f"/rollouts/warnings/{warning.pk}/seen/").status_code == 404
    olena.post(f"/rollouts/warnings/{warning.pk}/seen/")
    warning.refresh_from_db()
    assert warning.seen_by == world.cast.olena
    panel = page(world.cast.client_of("kari"), f"{installation.release.get_absolute_url()}rollouts/")
    assert "Teams that the withdrawal touches" in panel
    api_world.installation(world.cast, good)
    assert "is withdrawn: do not use it" not in page(olena, "/my/")
    assert "no more" in page(world.cast.client_of("kari"), f"{installation.release.get_absolute_url()}rollouts/")


def test_pages_take_a_bounded_number_of_queries(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rollout = world.start()
    note_result(actor=SYSTEM, release_id=rollout.release_id, team_id=world.cast.north.pk, known_at=START)
    client = world.cast.client_of("kari")
    for url, most in {
        "/rollouts/": 16,
        rollout.get_absolute_url(): 14,
        "/rollouts/start/": 9,
        f"{rollout.release.get_absolute_url()}rollouts/": 14,
    }.items():
        with django_assert_max_num_queries(most):
            page(client, url)
    release = world.approved("2.1")
    with django_assert_max_num_queries(16):
        page(client, f"/rollouts/start/?release={release.pk}&channel=fleet")
    with django_assert_max_num_queries(30):
        page(world.cast.client_of("olena"), "/my/")
