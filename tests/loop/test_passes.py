"""A ticket's pass is the clock's, also of a ticket that was merged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from frontline_feedback.actions import give_verdict, merge_ticket, reopen_ticket
from frontline_feedback.models import Ticket
from rnd.cycles.queries import loop_of
from rnd.engineering.models import Task
from tests.loop.conftest import Way

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("outcome", "reopens"), [("not_fixed", False), ("fixed", True), ("not_fixed", True)])
def test_a_merged_tickets_next_pass_is_counted_as_the_clock_counts_it(
    outcome: str, reopens: bool, way: Way, done: tuple[Ticket, Task], drain: Callable[[], None]
) -> None:
    canonical, _task = done
    merged = merge_ticket(actor=way.cast.actor("ingrid"), ticket=way.report(), canonical=canonical)
    release = way.world.published("1.1")
    way.install(release)
    drain()
    give_verdict(actor=way.cast.actor("olena"), ticket=merged, release=release, outcome=outcome)
    if reopens:
        reopen_ticket(actor=way.cast.actor("olena"), ticket=Ticket.objects.get(pk=merged.pk), reason="It is back.")
    drain()
    merged.refresh_from_db()
    loop = loop_of(merged)
    assert loop is not None
    assert merged.pass_number == loop.passes == 2
