"""What the loop says on a stick, and what it takes from one."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from frontline_feedback.models import Ticket, Verdict
from releases.bundles.actions.take_receipts import take_receipts
from releases.bundles.models import Receipt
from rnd.engineering.models import Task
from rnd.loop.on_sticks import fixes_for
from tests.loop.conftest import Way

pytestmark = pytest.mark.django_db(transaction=True)


def bring(way: Way, **more: object) -> Receipt:
    line = {"team": "north", "component": "autopilot", "version": "1.1", **more}
    return take_receipts(actor=way.cast.actor("olena"), content=json.dumps(line).encode()).receipts[0]


def test_a_stick_answers_for_the_tickets_of_its_team_only(
    way: Way,
    done: tuple[Ticket, Task],
    drain: Callable[[], object],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ticket, _task = done
    of_east = way.report(team=way.cast.east, by="stepan")
    other = way.report()
    old, release = way.world.release("1.0"), way.world.published("1.1")
    north, east = way.cast.north, way.cast.east
    with django_assert_max_num_queries(30):
        answers = fixes_for(actor=SYSTEM, release=release, team=north)
    assert [(one.ticket, one.in_this_release) for one in answers] == [(ticket.key, True), (other.key, False)]
    assert not any(one.in_this_release for one in fixes_for(actor=SYSTEM, release=old, team=north))
    assert [one.ticket for one in fixes_for(actor=way.cast.actor("kari"), release=release, team=east)] == [of_east.key]
    assert fixes_for(actor=way.cast.actor("olena"), release=release, team=east) == []


def test_a_verdict_comes_back_once_and_closes_the_loop(
    way: Way, done: tuple[Ticket, Task], drain: Callable[[], object]
) -> None:
    ticket, _task = done
    way.install(way.world.published("1.1"))
    drain()
    for _time in range(2):
        bring(way, ticket=ticket.key, verdict="fixed", note="Flew in fog")
        drain()
    assert Verdict.objects.get().note == "Flew in fog"
    ticket.refresh_from_db()
    assert ticket.outcome == "fixed"
    assert Receipt.objects.get().verdict_state == "taken"


def test_a_verdict_that_fits_nothing_says_why_on_its_receipt(
    way: Way, done: tuple[Ticket, Task], drain: Callable[[], object]
) -> None:
    way.world.published("1.1")
    of_east = way.report(team=way.cast.east, by="stepan")
    for key, word in (("FB-9999", "FB-9999"), (of_east.key, of_east.key), ("nonsense", "NONSENSE"), (done[0].key, "")):
        receipt = bring(way, ticket=key, verdict="fixed")
        drain()
        receipt.refresh_from_db()
        assert receipt.verdict_state == "refused"
        assert word in receipt.verdict_error
    assert "Report that first" in Receipt.objects.get(ticket=done[0].key).verdict_error
    assert not Verdict.objects.exists()
