"""The bar offers only doors that open."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from foundation.kit import navigation
from foundation.kit.navigation import NavItem


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_register", navigation._Register())


def request(path: str = "/kit/", *, may: tuple[str, ...] = (), signed_in: bool = True) -> Any:
    made = RequestFactory().get(path)
    made.user = SimpleNamespace(is_authenticated=signed_in)  # type: ignore[assignment]  # as much of a user as is asked for
    made.actor = SimpleNamespace(may=lambda verb: verb in may)  # type: ignore[attr-defined]  # as the middleware sets it
    return made


def test_an_entry_is_shown_only_to_whom_its_verb_is_allowed() -> None:
    navigation.register(NavItem("Kit", "kit:kit", verb="kit.look"))
    assert [link.label for link in navigation.links_for(request(may=("kit.look",))).top] == ["Kit"]
    assert navigation.links_for(request()).top == ()


def test_a_visitor_and_a_page_without_a_request_are_offered_nothing() -> None:
    navigation.register(NavItem("Kit", "kit:kit"))
    navigation.register_account(NavItem("Kit", "kit:kit"))
    navigation.register_search(NavItem("Kit", "kit:kit"))
    for visitor in (request(signed_in=False), None):
        assert navigation.links_for(visitor).top == ()
        assert navigation.account_links_for(visitor) == ()
        assert navigation.search_for(visitor) is None


def test_entries_stand_in_their_order_and_the_page_knows_where_it_is() -> None:
    navigation.register(NavItem("Language", "set_language", order=1, key="l"))
    navigation.register(NavItem("Kit", "kit:kit", order=2))
    links = navigation.links_for(request("/kit/")).top
    assert [(link.label, link.current) for link in links] == [("Language", False), ("Kit", True)]
    assert links[0].key == "l"


def test_an_address_elsewhere_may_belong_to_an_entry() -> None:
    navigation.register(NavItem("Kit", "kit:kit", prefixes=("/FB-",)))
    assert [link.current for link in navigation.links_for(request("/FB-12")).top] == [True]
    assert [link.current for link in navigation.links_for(request("/ENG-34")).top] == [False]


def test_an_entry_whose_address_does_not_exist_is_left_out() -> None:
    navigation.register(NavItem("Gone", "nothing:here"))
    assert navigation.links_for(request()).top == ()


def test_registering_the_same_address_twice_keeps_the_last() -> None:
    navigation.register(NavItem("Old", "kit:kit"))
    navigation.register(NavItem("New", "kit:kit"))
    assert [link.label for link in navigation.links_for(request()).top] == ["New"]


def test_what_stands_below_an_entry_is_offered_while_one_is_there() -> None:
    navigation.register(NavItem("Kit", "kit:kit", order=1))
    navigation.register(NavItem("Language", "set_language", order=2, below="kit:kit"))
    bar = navigation.links_for(request("/language/"))
    assert [(link.label, link.current) for link in bar.top] == [("Kit", True)]
    assert [(link.label, link.current) for link in bar.below] == [("Kit", False), ("Language", True)]
    assert navigation.links_for(request("/elsewhere/")).below == ()


def test_who_may_not_open_the_entry_above_is_offered_the_one_below_in_its_stead() -> None:
    navigation.register(NavItem("Kit", "kit:kit", "kit.look", order=1))
    navigation.register(NavItem("Language", "set_language", order=2, below="kit:kit"))
    assert [link.label for link in navigation.links_for(request("/language/")).top] == ["Language"]
    assert navigation.links_for(request("/language/")).below == ()
