"""Who sees which tickets, and what a search finds among them."""

import pytest

from foundation.accounts.actors import SYSTEM
from frontline_feedback import queries
from frontline_feedback.models import Ticket
from frontline_feedback.queries import Filters
from tests.cast import PEOPLE, Cast
from tests.frontline_feedback.world import accepted, report

pytestmark = pytest.mark.django_db


def test_staff_see_their_programmes_and_reporters_their_team(cast: Cast) -> None:
    north, east = report(cast), report(cast, who="stepan")
    west = report(cast, who="vira", team=cast.west, platform=cast.foreign_platform, component=cast.foreign_component)
    sees = {
        "olena": {north}, "bohdan": {north}, "stepan": {east}, "ingrid": {north, east}, "magnus": {north, east},
        "kari": {north, east}, "henrik": {north, east}, "solveig": {north, east}, "arne": {north, east}, "liv": set(),
        "vira": {west}, "sigrid": {west}, "astri": {west}, "roman": {west},
    }  # fmt: skip
    assert sees.keys() == PEOPLE.keys()
    for who, tickets in sees.items():
        assert set(Ticket.objects.visible_to(cast.actor(who))) == tickets, who
    assert set(Ticket.objects.visible_to(SYSTEM)) == {north, east, west}


def test_a_token_without_the_scope_sees_nothing(cast: Cast) -> None:
    report(cast)
    assert not Ticket.objects.visible_to(cast.actor("ingrid", scopes=["tasks:read"])).exists()
    assert Ticket.objects.visible_to(cast.actor("ingrid", scopes=["feedback:read"])).exists()


def found(cast: Cast, text: str) -> set[str]:
    return {ticket.title for ticket in queries.ticket_list(cast.actor("ingrid"), Filters(q=text))}


def test_the_search_finds_keys_words_and_inflected_ukrainian(cast: Cast) -> None:
    ticket = report(cast, title="Дрон втрачає супутники на висоті", body="Після зльоту антена гріється.")
    report(cast, title="Video freezes", body="Every minute", version_text="2.3.0-rc1")
    assert found(cast, ticket.key.lower()) == {ticket.title}
    assert found(cast, str(ticket.pk)) == {ticket.title}
    assert found(cast, "супутників") == {ticket.title}
    assert found(cast, "антену") == {ticket.title}
    assert found(cast, "FREEZES") == found(cast, "frezes") == found(cast, "2.3.0-rc1") == {"Video freezes"}
    assert found(cast, "freezes minute") == {"Video freezes"}
    assert found(cast, "супутниками") == found(cast, "ВИСОТА") == {ticket.title}
    assert found(cast, "helicopter") == set()
    assert len(found(cast, "  ")) == 2


@pytest.mark.parametrize("text", ["FB-999999999999999999", "99999999999999999999999", "\0", "'\"\\%", ")(|&!:*"])
def test_odd_searches_find_nothing_and_do_not_fail(cast: Cast, text: str) -> None:
    report(cast)
    assert found(cast, text) in (set(), {"Loses position after take-off"})


def test_the_list_is_narrowed_by_tab_and_filters(cast: Cast) -> None:
    inbox, taken = report(cast, severity="S1"), accepted(cast, component=cast.radio, severity="S3")
    east = report(cast, who="stepan")

    def listed(**filters: str) -> list[Ticket]:
        return list(queries.ticket_list(cast.actor("ingrid"), Filters(**filters)))

    assert listed() == listed(tab="open") == listed(tab="all") == [east, taken, inbox]
    assert listed(tab="inbox") == [east, inbox]
    assert listed(tab="closed") == []
    assert listed(component="radio") == listed(state="accepted") == listed(severity="S3") == [taken]
    assert listed(severity="S1,S3") == [taken, inbox]
    assert listed(team="east") == [east]
    assert listed(platform="quad-10", programme="sokil", tab="inbox", q="position") == [east, inbox]
    assert listed(platform="nothing") == []
