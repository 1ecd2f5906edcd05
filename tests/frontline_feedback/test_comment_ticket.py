"""A word between the front and the engineers, both ways."""

from uuid import uuid4

import pytest

from foundation.kit.errors import Conflict, Forbidden, Invalid
from frontline_feedback.actions import comment_ticket, reject_ticket
from tests.cast import Cast
from tests.frontline_feedback.world import entries, report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["olena", "bohdan", "ingrid", "magnus", "kari", "solveig", "arne"])
def test_all_who_see_it_comment(cast: Cast, who: str) -> None:
    ticket = report(cast)
    comment = comment_ticket(actor=cast.actor(who), ticket=ticket, body="Which **battery**?\r\n")
    assert (comment.body, comment.author) == ("Which **battery**?", cast.users[who])
    assert entries(ticket)[-1].kind == "ticket.commented"
    assert entries(ticket)[-1].data == {"comment_id": comment.pk}


@pytest.mark.parametrize("who", ["stepan", "liv", "roman"])
def test_nobody_else_comments(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        comment_ticket(actor=cast.actor(who), ticket=report(cast), body="Hello")


def test_a_closed_ticket_can_be_commented(cast: Cast) -> None:
    ticket = reject_ticket(actor=cast.actor("ingrid"), ticket=report(cast), reason="No")
    assert comment_ticket(actor=cast.actor("olena"), ticket=ticket, body="Why?").ticket == ticket


def test_an_empty_comment_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        comment_ticket(actor=cast.actor("olena"), ticket=report(cast), body=" \n ")
    assert refused.value.code == "ticket.body_missing"


def test_a_comment_sent_twice_is_added_once(cast: Cast) -> None:
    ticket, uuid = report(cast), uuid4()
    first = comment_ticket(actor=cast.actor("olena"), ticket=ticket, body="Cold.", client_uuid=uuid)
    assert comment_ticket(actor=cast.actor("olena"), ticket=ticket, body="Cold.", client_uuid=uuid) == first
    with pytest.raises(Conflict) as refused:
        comment_ticket(actor=cast.actor("olena"), ticket=ticket, body="Warm.", client_uuid=uuid)
    assert refused.value.code == "comment.uuid_reused"
    assert ticket.comments.count() == 1
