"""Two at once: one wins, the other gets a clear refusal or the same answer, and nothing is told twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from foundation.kit.errors import DomainError
from frontline_feedback.actions import accept_ticket, give_verdict, merge_ticket, reject_ticket
from frontline_feedback.models import Ticket, Verdict
from tests.cast import Cast
from tests.frontline_feedback.world import accepted, kinds, offered_and_installed, report

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; give what each returned, or the refusal it got."""
    ready = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            ready.wait(timeout=20)
            results[place] = call()
        except DomainError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return results


def test_two_triagers_decide_at_once_and_one_wins(cast: Cast) -> None:
    ticket = report(cast)
    ingrid, kari = cast.actor("ingrid"), cast.actor("kari")
    results = at_once(
        lambda: accept_ticket(actor=ingrid, ticket=ticket),
        lambda: accept_ticket(actor=kari, ticket=ticket),
        lambda: reject_ticket(actor=kari, ticket=ticket, reason="No"),
    )
    refusals = [result.code for result in results if isinstance(result, DomainError)]
    assert len(refusals) == 2
    assert set(refusals) <= {"ticket.not_in_triage", "ticket.not_open"}
    assert len(kinds(ticket)) == 2


def test_a_report_sent_twice_at_once_makes_one_ticket(cast: Cast) -> None:
    uuid = uuid4()
    first, second, third = at_once(*[lambda: report(cast, client_uuid=uuid)] * 3)
    assert first == second == third == Ticket.objects.get()
    assert kinds(first) == ["ticket.received"]


def test_a_verdict_sent_twice_at_once_is_given_once(cast: Cast) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    actor, uuid = cast.actor("olena"), uuid4()

    def give() -> Verdict:
        return give_verdict(actor=actor, ticket=ticket, release=shipped, outcome="worse", client_uuid=uuid)

    first, second = at_once(give, give)
    assert first == second == Verdict.objects.get()
    assert Ticket.objects.get().pass_number == 2


def test_merging_two_into_each_other_at_once_makes_no_circle(cast: Cast) -> None:
    a, b = report(cast), report(cast)
    actor = cast.actor("ingrid")
    results = at_once(
        lambda: merge_ticket(actor=actor, ticket=a, canonical=b),
        lambda: merge_ticket(actor=actor, ticket=b, canonical=a),
    )
    refused = [result for result in results if isinstance(result, DomainError)]
    assert [refusal.code for refusal in refused] == ["ticket.canonical_merged"]
    assert Ticket.objects.filter(canonical__isnull=True).count() == 1


def test_merging_into_one_that_is_being_merged_leaves_no_chain(cast: Cast) -> None:
    a, b, c = report(cast), report(cast), report(cast)
    actor = cast.actor("ingrid")
    at_once(
        lambda: merge_ticket(actor=actor, ticket=a, canonical=b),
        lambda: merge_ticket(actor=actor, ticket=b, canonical=c),
    )
    assert not Ticket.objects.filter(canonical__canonical__isnull=False).exists()
