"""The pages of the catalogue: to read for all insiders, to change for administrators."""

from typing import Any

import pytest

from foundation.catalogue.models import Component, HardwareRevision, Platform, Programme
from tests.accounts.pages import posted, says
from tests.cast import Cast


def test_everyone_inside_reads_the_catalogue_of_the_own_programmes(cast: Cast) -> None:
    page = says(cast.client_of("magnus").get("/catalogue/"))
    for name in ("Sokil", "Autopilot", "Quad 10", "North"):
        assert name in page
    assert "Lastivka" not in page
    assert "/catalogue/add-" not in page


def test_who_works_in_no_programme_is_told_why_it_is_empty(cast: Cast) -> None:
    cast.programme.teams.remove(cast.oslo)
    assert "An administrator can let them join one" in says(cast.client_of("magnus").get("/catalogue/"))


def test_a_new_programme_is_seen_by_whoever_made_it(cast: Cast) -> None:
    page = posted(
        cast.client_of("arne"), "/catalogue/add-programme/", name="Kite", slug="kite", time_zone="Europe/Oslo"
    )
    assert page.request["PATH_INFO"] == "/catalogue/programmes/kite/"
    assert list(Programme.objects.get(slug="kite").teams.all()) == [cast.oslo]


def test_components_platforms_and_hardware_are_added_and_renamed(cast: Cast) -> None:
    browser, programme = cast.client_of("arne"), cast.programme.pk
    posted(browser, "/catalogue/add-component/", name="Camera", slug="camera", programme=programme)
    posted(browser, "/catalogue/components/camera/", name="Gimbal camera")
    assert Component.objects.get(slug="camera").name == "Gimbal camera"
    posted(browser, "/catalogue/add-platform/", name="Wing 5", slug="wing-5", programme=programme)
    posted(browser, "/catalogue/platforms/wing-5/", name="Wing 5 S")
    posted(browser, "/catalogue/platforms/wing-5/hardware/", name="A")
    revision = HardwareRevision.objects.get(platform=Platform.objects.get(name="Wing 5 S"))
    posted(browser, f"/catalogue/hardware/{revision.pk}/", name="A1")
    assert HardwareRevision.objects.get(pk=revision.pk).name == "A1"


@pytest.mark.parametrize(
    ("path", "form", "complaint"),
    [
        ("/catalogue/add-component/", {"name": "Radio link", "slug": "new"}, "has a component of this name already"),
        ("/catalogue/add-component/", {"name": "New", "slug": "wing-control"}, "already exists"),
        ("/catalogue/add-component/", {"name": "New", "slug": "two words"}, "slug"),
        ("/catalogue/platforms/quad-10/hardware/", {"name": "A"}, "has a hardware revision of this name already"),
    ],
)
def test_what_is_there_already_is_refused_on_the_form(cast: Cast, path: str, form: Any, complaint: str) -> None:
    page = cast.client_of("arne").post(path, {"programme": cast.programme.pk, **form})
    assert page.status_code == 422
    assert complaint in says(page)


def test_nothing_is_added_to_a_foreign_programme(cast: Cast) -> None:
    form = {"name": "New", "slug": "new", "programme": cast.foreign_programme.pk}
    assert cast.client_of("arne").post("/catalogue/add-component/", form).status_code == 422


def test_teams_join_and_leave_a_programme(cast: Cast) -> None:
    browser = cast.client_of("arne")
    posted(browser, "/catalogue/programmes/sokil/teams/north/leave/")
    assert cast.actor("olena").programmes() == frozenset()
    browser.post("/catalogue/programmes/sokil/", {"name": "Sokil 2", "time_zone": "Europe/Oslo"})
    posted(browser, "/catalogue/programmes/sokil/teams/", team=cast.east.pk)
    assert Programme.objects.get(slug="sokil").name == "Sokil 2"


def test_the_own_team_cannot_leave(cast: Cast) -> None:
    answer = cast.client_of("arne").post("/catalogue/programmes/sokil/teams/oslo/leave/")
    assert answer.status_code == 409
    assert "you could not undo this" in says(answer)


@pytest.mark.parametrize(("path", "most"), [("/catalogue/", 9), ("/catalogue/programmes/sokil/", 7)])
def test_a_page_takes_few_queries(cast: Cast, path: str, most: int, django_assert_max_num_queries: Any) -> None:
    browser = cast.client_of("arne")
    browser.get(path)
    with django_assert_max_num_queries(most):
        assert browser.get(path).status_code == 200
