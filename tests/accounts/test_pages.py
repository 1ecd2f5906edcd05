"""The pages of accounts: one's own, and those of administrators."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from foundation.accounts.actions.add_user import add_user
from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import ApiToken, Membership, Team, User
from foundation.kit import clock
from tests.accounts.pages import posted, says
from tests.cast import Cast


def test_one_changes_name_language_and_time_zone(cast: Cast) -> None:
    form = {"name": "Олена", "email": "o@example.org", "language": "uk", "time_zone": "Europe/Kyiv"}
    page = posted(cast.client_of("olena"), "/account/settings/", **form)
    assert 'lang="uk"' in says(page)
    olena = User.objects.get(username="olena")
    assert (olena.name, olena.email, olena.language, olena.time_zone) == tuple(form.values())


def test_a_taken_address_is_told_and_nothing_is_changed(cast: Cast) -> None:
    add_user(actor=SYSTEM, username="nils", email="nils@example.org")
    page = cast.client_of("olena").post("/account/settings/", {"name": "X", "email": "NILS@example.org"})
    assert page.status_code == 422
    assert "Another account has this e-mail address" in says(page)
    assert User.objects.get(username="olena").name == "Олена Коваль"


def test_the_language_comes_from_the_account_then_the_cookie_then_the_browser(cast: Cast) -> None:
    visitor = Client(headers={"Accept-Language": "nb"})
    assert 'lang="nb"' in says(visitor.get("/account/login/"))
    visitor.post("/language/", {"language": "uk"})
    assert 'lang="uk"' in says(visitor.get("/account/login/"))
    browser = cast.client_of("olena")
    browser.cookies["django_language"] = "uk"
    assert 'lang="uk"' in says(browser.get("/account/settings/"))
    User.objects.filter(username="olena").update(language="nb")
    assert 'lang="nb"' in says(browser.get("/account/settings/"))


def test_the_language_menu_is_remembered_by_the_account(cast: Cast) -> None:
    cast.client_of("olena").post("/language/", {"language": "uk", "next": "/account/settings/"})
    assert User.objects.get(username="olena").language == "uk"


def test_an_unknown_language_changes_nothing(cast: Cast) -> None:
    assert cast.client_of("olena").post("/language/", {"language": "xx"}).status_code == 422
    assert User.objects.get(username="olena").language == ""


def test_the_time_zone_of_an_account_does_not_stay_for_the_next_request(cast: Cast) -> None:
    from django.utils import timezone

    User.objects.filter(username="olena").update(time_zone="Europe/Kyiv")
    cast.client_of("olena").get("/account/settings/")
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_new_token_is_shown_once_and_works(cast: Cast) -> None:
    browser = cast.client_of("magnus")
    form = {"name": "laptop", "days": "30", "scopes": ["tasks:write", "feedback:read"]}
    page = browser.post("/account/tokens/", form)
    found = re.search(r"fieldloop_[0-9a-f]{64}", says(page))
    assert found is not None
    assert "no-store" in page.headers["Cache-Control"]
    assert found[0] not in says(browser.get("/account/tokens/"))
    answer = Client(headers={"Authorization": f"Bearer {found[0]}"}).get("/api/v1/me/")
    assert answer.json()["scopes"] == ["feedback:read", "tasks:write"]


def test_a_token_without_scopes_is_not_made(cast: Cast) -> None:
    page = cast.client_of("magnus").post("/account/tokens/", {"name": "laptop", "days": "30"})
    assert page.status_code == 422
    assert not ApiToken.objects.exists()


def test_only_scopes_that_mean_something_to_one_are_offered(cast: Cast) -> None:
    def offered(name: str) -> set[str]:
        return set(re.findall(r'value="([a-z]+:[a-z]+)"', says(cast.client_of(name).get("/account/tokens/"))))

    assert "accounts:write" in offered("arne")
    assert "accounts:write" not in offered("liv")


def test_tokens_show_whether_they_still_live(cast: Cast) -> None:
    cast.token(cast.magnus)
    browser = cast.client_of("magnus")
    with clock.at(clock.now() + timedelta(days=40)):
        assert "expired" in says(browser.get("/account/tokens/"))
    page = posted(browser, f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert "it opens nothing any more" in says(page)
    assert "revoked" in says(page)


def test_nobody_revokes_anothers_token_on_a_page(cast: Cast) -> None:
    cast.token(cast.magnus)
    address = f"/account/tokens/{ApiToken.objects.get().pk}/revoke/"
    assert cast.client_of("kari").post(address).status_code == 404


def test_the_list_of_people_is_searched_by_words(cast: Cast) -> None:
    browser = cast.client_of("arne")
    everyone = says(browser.get("/people/"))
    assert "Magnus Berg" in everyone
    assert "Віра Шевчук" not in everyone
    found = says(browser.get("/people/", {"q": "berg MAG"}))
    assert "Magnus Berg" in found
    assert "Ingrid Dahl" not in found
    assert "Nobody found" in says(browser.get("/people/", {"q": "Віра\x00"}))


def test_a_person_is_added_with_a_role_and_gets_a_link(cast: Cast) -> None:
    browser = cast.client_of("arne")
    form = {"username": "nils", "name": "Nils Aas", "team": cast.oslo.pk, "role": "engineer"}
    page = posted(browser, "/add-person/", **form)
    assert page.request["PATH_INFO"] == "/people/nils/"
    assert cast.actor("nils").teams() == {cast.oslo.pk}
    page = browser.post("/people/nils/password-link/")
    link = re.search(r"http://testserver(/account/password/reset/key/[^<\"]+)", says(page))
    assert link is not None
    assert "password1" in says(Client().get(link[1], follow=True))


def test_a_person_whose_role_does_not_fit_is_not_added_at_all(cast: Cast) -> None:
    form = {"username": "nils", "team": cast.ntnu.pk, "role": "engineer"}
    page = cast.client_of("arne").post("/add-person/", form)
    assert page.status_code == 422
    assert "academic teams have partners only" in says(page)
    assert not User.objects.filter(username="nils").exists()


def test_a_foreign_team_cannot_be_chosen(cast: Cast) -> None:
    form = {"username": "nils", "team": cast.west.pk, "role": "reporter"}
    assert cast.client_of("arne").post("/add-person/", form).status_code == 422


def test_roles_are_added_and_removed_on_the_persons_page(cast: Cast) -> None:
    browser = cast.client_of("arne")
    page = posted(browser, "/people/magnus/memberships/", team=cast.oslo.pk, role="triager")
    assert "triager" in says(page)
    pk = Membership.objects.get(user=cast.magnus, role="triager").pk
    posted(browser, f"/people/magnus/memberships/{pk}/remove/")
    assert Membership.objects.filter(user=cast.magnus).count() == 1
    assert browser.post(f"/people/olena/memberships/{pk}/remove/").status_code == 404


def test_an_account_is_deactivated_and_reactivated(cast: Cast) -> None:
    browser = cast.client_of("arne")
    assert "deactivated" in says(posted(browser, "/people/magnus/deactivate/"))
    assert not User.objects.get(username="magnus").is_active
    assert "active again" in says(posted(browser, "/people/magnus/reactivate/"))
    assert browser.post("/people/arne/deactivate/").status_code == 409


def test_an_administrator_corrects_a_name(cast: Cast) -> None:
    posted(cast.client_of("arne"), "/people/magnus/", name="Magnus Bergh", email="", language="nb", time_zone="")
    assert User.objects.get(username="magnus").name == "Magnus Bergh"


def test_teams_are_listed_added_and_renamed(cast: Cast) -> None:
    browser = cast.client_of("arne")
    listed = says(browser.get("/teams/"))
    assert "North" in listed
    assert "Bergen" not in listed
    page = posted(browser, "/add-team/", name="South", slug="south", kind="field")
    assert "Nobody is in this team yet" in says(page)
    posted(browser, "/teams/south/", name="Deep south")
    assert Team.objects.get(slug="south").name == "Deep south"
    assert browser.post("/teams/south/", {"name": "North"}).status_code == 422


def test_of_a_shared_team_the_page_names_the_own_programmes_only(cast: Cast) -> None:
    cast.foreign_programme.teams.add(cast.north)
    page = says(cast.client_of("arne").get("/teams/north/"))
    assert "Sokil" in page
    assert "Lastivka" not in page


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/account/settings/", 5),
        ("/account/tokens/", 5),
        ("/people/", 6),
        ("/people/magnus/", 8),
        ("/teams/", 6),
        ("/teams/oslo/", 7),
    ],
)
def test_a_page_takes_few_queries(cast: Cast, path: str, most: int, django_assert_max_num_queries: Any) -> None:
    browser = cast.client_of("arne")
    browser.get(path)
    with django_assert_max_num_queries(most):
        assert browser.get(path).status_code == 200


def test_the_menu_offers_administration_to_administrators_only(cast: Cast) -> None:
    assert 'href="/people/"' in says(cast.client_of("arne").get("/account/settings/"))
    assert 'href="/people/"' not in says(cast.client_of("magnus").get("/account/settings/"))
