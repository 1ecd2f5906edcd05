"""A breach is foreseen before it happens, and told once to the people named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation.journal import positions, registry, running
from foundation.kit import clock
from foundation.kit.errors import Forbidden, Invalid
from rnd.cycles.actions import foresee_breaches, name_watchers, project_tickets, set_service_level
from rnd.notices.models import Notice
from tests.cast import Cast
from tests.cycles.world import DAY0, quick_loop

HOUR = 3_600_000_000
NOW = DAY0 + timedelta(days=60)


def a_late_one(cast: Cast) -> str:
    """Twelve loops that took 18 days, a promise of ten, and one that is nine days old."""
    with clock.at(DAY0 - timedelta(days=1)):
        set_service_level(actor=cast.actor("solveig"), programme=cast.programme, severity="S2", days=10)
    slow = [quick_loop(cast, seen=DAY0, lengths=[48 * HOUR] * 9, severity="S2") for _ in range(12)]
    open_one = quick_loop(cast, seen=NOW - timedelta(days=9), lengths=[HOUR] * 4, end="open", severity="S2")
    project_tickets(ticket_ids=[ticket.pk for ticket in [*slow, open_one]])
    return open_one.key


@pytest.mark.django_db(transaction=True)
def test_who_is_named_is_told_once_before_it_happens(cast: Cast) -> None:
    key = a_late_one(cast)
    name_watchers(actor=cast.actor("solveig"), programme=cast.programme, people=[cast.solveig.pk, cast.ingrid.pk])
    with clock.at(NOW):
        assert [foresee_breaches(), foresee_breaches()] == [1, 0]
    outcome = running.run(registry.named("notices.tell_people"), below=positions.horizon())
    assert not outcome.failures, outcome.failures
    told = Notice.objects.filter(kind="ticket.breach_foreseen")
    assert {notice.user_id for notice in told} == {cast.solveig.pk, cast.ingrid.pk}
    assert all(notice.url == f"/{key}" for notice in told)
    text = cast.client_of("solveig").get(f"/{key}").content.decode()
    assert "is about to miss its service level of 10 days: 0 of 12 like it made it" in text


@pytest.mark.django_db
def test_where_nobody_is_named_nobody_looks(cast: Cast) -> None:
    a_late_one(cast)
    with clock.at(NOW):
        assert foresee_breaches() == 0


@pytest.mark.django_db
def test_only_staff_of_the_programme_can_be_named_and_only_by_its_manager(cast: Cast) -> None:
    with pytest.raises(Invalid, match="Only people who work on the programme"):
        name_watchers(actor=cast.actor("solveig"), programme=cast.programme, people=[cast.olena.pk])
    with pytest.raises(Forbidden):
        name_watchers(actor=cast.actor("ingrid"), programme=cast.programme, people=[cast.ingrid.pk])
    client = cast.client_of("solveig")
    assert client.post("/reports/levels/sokil/people/", {"people": [cast.ingrid.pk]}).status_code == 302
    assert client.post("/reports/levels/sokil/people/", {"people": [cast.olena.pk]}).status_code == 422
    assert f'value="{cast.ingrid.pk}" id="id_people' in client.get("/reports/levels/sokil/").content.decode()
