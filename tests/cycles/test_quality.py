"""Tickets without facts are found wherever they are, and however many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from rnd.cycles.actions import project_tickets
from rnd.cycles.analysis import quality
from rnd.cycles.filters import Filters
from tests.cast import Cast
from tests.cycles.world import DAY0
from tests.frontline_feedback.world import report

ALL = 6


def without(reported: list[int], filters: Filters | None = None) -> list[int]:
    """Give the places, in the order of reporting, of the tickets that are said to have no facts."""
    told = quality.quality(SYSTEM, filters or Filters())
    assert told.without_loop_n == len(told.without_loop)
    assert list(told.without_loop) == sorted(told.without_loop, reverse=True)
    return sorted(reported.index(pk) for pk in told.without_loop)


@pytest.mark.django_db
@pytest.mark.parametrize("newest", [2, 10_000])
@pytest.mark.parametrize("few", [1, 1000])
def test_tickets_without_facts(cast: Cast, monkeypatch: pytest.MonkeyPatch, newest: int, few: int) -> None:
    monkeypatch.setattr(quality, "NEWEST", newest)
    monkeypatch.setattr(quality, "FEW", few)
    reported = []
    for number in range(ALL):
        with clock.at(DAY0 + timedelta(hours=number)):
            reported.append(report(cast, "olena", title=f"Fault {number}").pk)
    assert without(reported) == list(range(ALL))
    for place in (4, 2, 5, 1, 3):
        project_tickets(ticket_ids=[reported[place]])
        left = {4: [0, 1, 2, 3, 5], 2: [0, 1, 3, 5], 5: [0, 1, 3], 1: [0, 3], 3: [0]}[place]
        assert without(reported) == left
        assert without(reported, Filters(programme=cast.programme.slug)) == left
    assert without(reported, Filters(programme="another")) == []
    project_tickets(ticket_ids=reported)
    assert without(reported) == []
