"""Merging keeps reporter, clock and verdict, follows the group, and never makes a circle."""

import pytest

from foundation.kit.errors import Conflict, Forbidden, Invalid
from frontline_feedback.actions import merge_ticket, reopen_ticket
from frontline_feedback.models import Ticket
from tests.cast import Cast
from tests.frontline_feedback.world import accepted, entries, kinds, report

pytestmark = pytest.mark.django_db


def merged(cast: Cast, ticket: Ticket, canonical: Ticket) -> Ticket:
    return merge_ticket(actor=cast.actor("ingrid"), ticket=ticket, canonical=canonical)


def test_a_merged_ticket_is_a_closed_duplicate_with_its_own_reporter_and_clock(cast: Cast) -> None:
    canonical, ticket = report(cast), report(cast, who="stepan")
    after = merged(cast, ticket, canonical)
    assert (after.state, after.outcome, after.canonical) == ("closed", "duplicate", canonical)
    assert (after.team, after.reporter, after.seen_at) == (cast.east, cast.stepan, ticket.seen_at)
    assert entries(after)[-1].data == {"into_id": canonical.pk}
    assert kinds(canonical) == ["ticket.received"]


def test_duplicates_of_the_merged_one_follow(cast: Cast) -> None:
    last, middle, first = accepted(cast), report(cast), report(cast)
    merged(cast, first, middle)
    merged(cast, middle, last)
    assert set(last.duplicates.all()) == {first, middle}
    assert [e.data["into_id"] for e in entries(first) if e.kind == "ticket.merged"] == [middle.pk, last.pk]


def test_no_merging_into_a_merged_one_and_so_no_circles(cast: Cast) -> None:
    a, b, c = report(cast), report(cast), report(cast)
    merged(cast, a, b)
    with pytest.raises(Conflict) as refused:
        merged(cast, c, a)
    assert (refused.value.code, refused.value.field) == ("ticket.canonical_merged", "into")
    assert b.key in refused.value.message
    with pytest.raises(Conflict) as circle:
        merged(cast, b, a)
    assert circle.value.code == "ticket.canonical_merged"


def test_no_merging_with_itself_or_into_another_programme(cast: Cast) -> None:
    ticket = report(cast)
    foreign = report(cast, who="vira", team=cast.west, platform=cast.foreign_platform, component=cast.foreign_component)
    with pytest.raises(Invalid) as itself:
        merged(cast, ticket, ticket)
    assert itself.value.code == "ticket.merge_with_itself"
    with pytest.raises(Invalid) as elsewhere:
        merged(cast, ticket, foreign)
    assert elsewhere.value.code == "ticket.merge_elsewhere"


def test_a_closed_ticket_is_not_merged(cast: Cast) -> None:
    a, b, c = report(cast), report(cast), report(cast)
    merged(cast, a, b)
    with pytest.raises(Conflict) as refused:
        merged(cast, a, c)
    assert refused.value.code == "ticket.not_open"


@pytest.mark.parametrize("who", ["magnus", "olena", "liv", "roman"])
def test_only_those_who_triage_merge(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        merge_ticket(actor=cast.actor(who), ticket=report(cast), canonical=report(cast))


def test_reopening_undoes_a_merge(cast: Cast) -> None:
    canonical, ticket = report(cast), report(cast)
    ticket = reopen_ticket(actor=cast.actor("olena"), ticket=merged(cast, ticket, canonical), reason="Another fault.")
    assert (ticket.state, ticket.outcome, ticket.canonical) == ("received", "", None)
    assert not canonical.duplicates.exists()
