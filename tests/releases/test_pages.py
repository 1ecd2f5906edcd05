"""The pages: everything one needs to ship, to see what shipped, and to say what is installed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from releases.actions.withdraw_release import withdraw_release
from releases.models import Installation, Release, Repository, Subscription
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response
    return response.content.decode()


def post(client: Client, release: Release, verb: str, **data: object) -> str:
    url = reverse(f"releases:{verb}", kwargs={"component": release.component.slug, "version": release.version})
    response = client.post(url, data, follow=True)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def test_a_release_is_shipped_from_its_page(world: World) -> None:
    release = world.draft("1.1", "Warm up the radio\n\nFixes: FB-12")
    kari, henrik = world.cast.client_of("kari"), world.cast.client_of("henrik")
    text = page(kari, release.get_absolute_url())
    assert "Warm up the radio" in text
    assert "First light" not in text
    assert 'hx-get="/releases/autopilot/1.1/fixes/"' in text
    assert "somebody else" in post(kari, release, "propose")
    assert "disabled" in page(kari, release.get_absolute_url())
    post(henrik, release, "approve")
    assert "is out on" in post(kari, release, "publish", channel="pilot")
    assert "Publish: fleet" in page(kari, release.get_absolute_url())
    text = post(kari, release, "withdraw", reason="Loses GNSS.")
    assert "Withdrawn: do not install it." in text
    assert "Loses GNSS." in text
    assert world.release("1.1").state == "withdrawn"


def test_a_refusal_is_a_page_with_its_reason(world: World) -> None:
    release = world.draft("1.1")
    client = world.cast.client_of("kari")
    url = reverse("releases:publish", kwargs={"component": "autopilot", "version": "1.1"})
    response = client.post(url, {"channel": "lab"})
    assert response.status_code == 409
    assert "only an approved release" in response.content.decode()
    url = reverse("releases:withdraw", kwargs={"component": "autopilot", "version": "1.1"})
    assert client.post(url, {"reason": ""}).status_code == 422
    assert release.state == "draft"


def test_addresses_are_read_in_any_letter_case_and_lead_to_the_one(world: World) -> None:
    world.draft("1.1-RC1")
    response = world.cast.client_of("magnus").get("/releases/autopilot/1.1-rc1/")
    assert response.headers["Location"] == "/releases/autopilot/1.1-RC1/"
    page(world.cast.client_of("magnus"), "/releases/autopilot/9.9/", 404)


def test_latest_leads_to_what_is_out(world: World) -> None:
    client = world.cast.client_of("olena")
    page(client, "/releases/autopilot/latest/", 404)
    world.published("1.1")
    world.published("1.2", "pilot")
    assert client.get("/releases/autopilot/latest/").headers["Location"] == "/releases/autopilot/1.1/"
    pilot = client.get("/releases/autopilot/latest/?channel=pilot")
    assert pilot.headers["Location"] == "/releases/autopilot/1.2/"
    page(client, "/releases/autopilot/latest/?channel=moon", 404)


def test_a_moved_tag_is_told_on_the_page_and_in_the_list(world: World) -> None:
    release = world.draft("1.1")
    world.box.commit("Slipped in")
    world.box.tag("v1.1", force=True)
    world.fetch()
    client = world.cast.client_of("solveig")
    assert "The tag v1.1 names" in page(client, release.get_absolute_url())
    assert "tag changed" in page(client, "/releases/")
    world.box.git("tag", "-d", "v1.1")
    world.fetch()
    assert "was deleted" in page(client, release.get_absolute_url())


def test_notes_are_edited_and_generated(world: World) -> None:
    release = world.draft("1.1", "ENG-3 do it")
    client = world.cast.client_of("magnus")
    url = reverse("releases:notes", kwargs={"component": "autopilot", "version": "1.1"})
    assert "ENG-3 do it" in page(client, url)
    assert client.post(url, {"notes": "**Bold** <script>alert(1)</script>"}).status_code == 302
    text = page(client, release.get_absolute_url())
    assert "<strong>Bold</strong>" in text
    assert "<script>alert" not in text
    assert "ENG-3 do it" in post(client, release, "generate_notes")
    assert client.post(url, {"notes": "x" * 100_001}).status_code == 422


def test_reporters_see_published_releases_without_commits(world: World) -> None:
    draft, release = world.draft("1.1"), world.published("1.2")
    client = world.cast.client_of("olena")
    text = page(client, "/releases/")
    assert "1.2" in text
    assert "1.1" not in text.replace("1.10", "")
    text = page(client, release.get_absolute_url())
    assert "New in it" not in text
    assert "We installed it" in text
    page(client, draft.get_absolute_url(), 404)


def test_the_list_leaves_out_candidates_unless_asked(world: World) -> None:
    world.draft("1.1-rc1")
    client = world.cast.client_of("magnus")
    assert "1.1-rc1" not in page(client, "/releases/")
    assert "1.1-rc1" in page(client, "/releases/?all=1")
    assert "1.1-rc1" in page(client, "/releases/?component=autopilot&all=1")
    assert "No releases yet" in page(client, "/releases/?component=nothing")
    assert "No releases yet" in page(world.cast.client_of("roman"), "/releases/")


def test_a_repository_is_added_from_its_form(world: World) -> None:
    client = world.cast.client_of("kari")
    box = world.box.path.parent / "second"
    type(world.box)(box).commit("One")
    page(client, "/repositories/add/")
    data = {"url": str(box), "component": world.cast.radio.pk, "name": "add"}
    response = client.post("/repositories/add/", data)
    assert response.headers["Location"] == "/repositories/radio-add/"
    text = page(client, "/repositories/radio-add/")
    assert "history comes in" in text
    assert Repository.objects.count() == 2
    for wrong, reason in [
        ({"url": "http://a.example/x"}, "Use one of"),
        ({"url": "/etc"}, "operator"),
        ({"tag_pattern": "("}, "not a regular expression"),
    ]:
        response = client.post("/repositories/add/", data | {"name": ""} | wrong)
        assert response.status_code == 422
        assert reason in response.content.decode()


def test_a_repository_tells_its_state_and_is_fetched_on_demand(world: World) -> None:
    client = world.cast.client_of("magnus")
    assert "up to date" in page(client, "/repositories/")
    text = page(client, "/repositories/autopilot-firmware/")
    assert "First light" in text
    assert "v1.0" in text
    response = client.post("/repositories/autopilot-firmware/fetch/", follow=True)
    assert "in a moment" in response.content.decode()
    Repository.objects.update(failures=3, error="Git said: fatal: gone")
    assert "Git said: fatal: gone" in page(client, "/repositories/autopilot-firmware/")
    assert "not reachable" in page(client, "/repositories/")
    page(client, "/repositories/nothing/", 404)
    assert "Add a repository" not in page(client, "/repositories/")


def test_teams_are_subscribed_on_the_channels_page(world: World) -> None:
    client = world.cast.client_of("kari")
    assert "North" in page(client, "/channels/")
    data = {"team": world.cast.north.pk, "component": world.cast.autopilot.pk, "channel": "pilot"}
    assert "North receives" in client.post("/channels/subscribe/", data, follow=True).content.decode()
    assert Subscription.objects.get().channel == "pilot"
    client.post("/channels/subscribe/", data | {"channel": ""})
    assert not Subscription.objects.exists()
    foreign = data | {"team": world.cast.west.pk}
    assert client.post("/channels/subscribe/", foreign).status_code == 422


def test_a_team_reports_from_its_phone_and_twice_is_once(world: World) -> None:
    client = world.cast.client_of("olena")
    assert "No release for your team yet" in page(client, "/installations/report/")
    release = world.published("1.1")
    response = client.get(f"/installations/report/?release={release.pk}")
    form = response.context["form"]
    assert form["release"].value() == release.pk
    data = {
        "release": release.pk, "hardware": world.cast.rev_a.pk, "team": world.cast.north.pk,
        "client_uuid": form["client_uuid"].value(), "installed_at": "",
    }  # fmt: skip
    for _twice in range(2):
        text = client.post("/installations/report/", data, follow=True).content.decode()
        assert "Noted: North runs Autopilot 1.1 on Quad 10 A." in text
    assert Installation.objects.count() == 1
    wrong = data | {"team": world.cast.east.pk}
    assert client.post("/installations/report/", wrong).status_code == 422
    future = data | {"installed_at": "2999-01-01T00:00", "client_uuid": "6e4d2f57-6a5b-4f0c-9d0c-3d2c4f1f9a01"}
    response = client.post("/installations/report/", future)
    assert "has not come yet" in response.content.decode()


def test_staff_see_what_runs_where(world: World) -> None:
    release = world.published("1.1")
    manager = world.cast.client_of("kari")
    data = {
        "release": release.pk, "hardware": world.cast.rev_b.pk, "team": world.cast.north.pk,
        "client_uuid": "6e4d2f57-6a5b-4f0c-9d0c-3d2c4f1f9a02",
    }  # fmt: skip
    assert manager.post("/installations/report/", data).status_code == 302
    assert "Quad 10 B" in page(world.cast.client_of("solveig"), "/installations/")
    assert "Nothing installed yet" in page(world.cast.client_of("stepan"), "/installations/")
    assert "North" in page(manager, release.get_absolute_url())
    withdraw_release(actor=world.cast.actor("kari"), release=release, reason="Drifts.")
    assert "Drifts." in page(world.cast.client_of("olena"), "/installations/report/")


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/releases/", 14),
        ("/releases/?component=autopilot&all=1", 14),
        ("/releases/autopilot/1.3/", 24),
        ("/repositories/", 8),
        ("/repositories/autopilot-firmware/", 12),
        ("/installations/", 8),
        ("/installations/report/", 14),
        ("/channels/", 10),
    ],
)
def test_pages_ask_the_database_little(
    world: World, django_assert_max_num_queries: object, url: str, most: int
) -> None:
    for version in ("1.1", "1.2"):
        world.draft(version, *(f"{n}" for n in range(8)))
    release = world.published("1.3")
    client = world.cast.client_of("kari")
    for hardware in (world.cast.rev_a, world.cast.rev_b):
        client.post(
            "/installations/report/",
            {
                "release": release.pk, "hardware": hardware.pk, "team": world.cast.north.pk,
                "client_uuid": f"6e4d2f57-6a5b-4f0c-9d0c-3d2c4f1f{hardware.pk:04}",
            },
        )  # fmt: skip
    page(client, url)
    with django_assert_max_num_queries(most):  # type: ignore[operator]  # a fixture without a type
        page(client, url)
