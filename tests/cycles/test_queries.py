"""The loop on a ticket's page, the strips in lists and the facts: three readers, one clock."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries

from foundation.kit.strips import Part
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from rnd.cycles.clock.stages import Stage
from rnd.cycles.queries import loop_of, loops_of, stored_loop_of
from tests.cast import Cast
from tests.cycles.world import RandomJournal, hours, whole_loop

HOUR = 3_600_000_000


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_page_of_a_ticket_and_its_facts_agree_on_everything(cast: Cast, seed: int) -> None:
    world = RandomJournal(cast, 1000 + seed)
    world.write(70)
    project_tickets(ticket_ids=[ticket.pk for ticket in world.tickets])
    now = world.now + 5 * (hours(1) - hours(0))
    strips = loops_of([ticket.pk for ticket in world.tickets], now=now)
    for ticket in world.tickets:
        page, stored = loop_of(ticket, now=now), stored_loop_of(ticket.pk, now=now)
        assert page is not None
        assert stored is not None
        assert stored.parts == page.parts == strips[ticket.pk]
        assert stored.stages == page.stages
        assert stored.modes == page.modes
        assert stored.pass_times == page.pass_times
        assert (stored.total_us, stored.passes, stored.rework_us) == (page.total_us, page.passes, page.rework_us)
        assert (stored.current_stage, stored.current_since) == (page.current_stage, page.current_since)
        assert (stored.started_at, stored.finished_at, stored.excluded) == (
            page.started_at,
            page.finished_at,
            page.excluded,
        )
        assert (stored.first_total_us, stored.efficiency) == (page.first_total_us, page.efficiency)


@pytest.mark.django_db
def test_an_open_tickets_last_part_is_still_running(cast: Cast) -> None:
    ticket = whole_loop(cast, verdict=None)
    loop = loop_of(ticket, now=hours(40))
    assert loop is not None
    assert loop.parts[-1] == Part("verify", 4 * HOUR, "waiting", running=True)
    assert (loop.current_stage, loop.current_since, loop.total_us) == (Stage.VERIFY, hours(36), 40 * HOUR)
    at_once = loop_of(ticket, now=hours(36))
    assert at_once is not None
    assert [part.microseconds for part in at_once.parts] == [*(hour * HOUR for hour in range(1, 9)), 0]


@pytest.mark.django_db
def test_flow_efficiency_is_active_time_over_all_time(cast: Cast) -> None:
    loop = loop_of(whole_loop(cast))
    assert loop is not None
    assert loop.efficiency == Fraction(15, 45)


@pytest.mark.django_db
def test_the_strips_of_a_list_take_one_query(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ids = [whole_loop(cast, start=number, verdict=None).pk for number in range(3)]
    project_tickets(ticket_ids=ids)
    with django_assert_max_num_queries(1):
        strips = loops_of(ids, now=hours(50))
    assert [len(strips[pk]) for pk in ids] == [9, 9, 9]
    assert loops_of([]) == {}
    assert loops_of([10**9]) == {}


@pytest.mark.django_db
def test_a_ticket_unknown_to_the_journal_has_no_loop(cast: Cast) -> None:
    assert loop_of(Ticket(pk=10**9)) is None
    assert stored_loop_of(10**9) is None
