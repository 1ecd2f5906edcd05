"""Every number of every report page is recomputed by slow and obvious code on random worlds, and agrees exactly."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tasks, project_tickets, set_baseline, set_service_level
from rnd.cycles.facts.columnar.loops import refresh_loops
from rnd.cycles.facts.columnar.work import refresh_work
from rnd.cycles.facts.spans import refresh_spans
from rnd.cycles.filters import Filters
from rnd.cycles.pages import PAGES, document
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.slow import ANSWERS
from tests.cycles.slow.answer import Known
from tests.cycles.slow.comparing import compare
from tests.cycles.slow.life import lives
from tests.cycles.slow.plain import Asked, World
from tests.cycles.slow.reader import read
from tests.cycles.slow_chance import Shape
from tests.cycles.slow_worlds import RandomWorld
from tests.cycles.world import DAY0

pytestmark = pytest.mark.django_db
ZONES = ["Europe/Kyiv", "America/St_Johns", "Asia/Kathmandu"]

# How many tickets, and how many worlds of that size. With few, percentiles are hidden and intervals have no end.
SIZES = {12: 2, 40: 2, 60: 2}


def shapes(tickets: int) -> st.SearchStrategy[Shape]:
    return st.builds(
        Shape,
        seed=st.integers(tickets * 10**6, (tickets + 1) * 10**6),
        tickets=st.just(tickets),
        nasty=st.sampled_from([0, 15, 60]),
        zone=st.sampled_from(ZONES),
        calm=st.booleans(),
    )


def narrowings(made: RandomWorld) -> list[Asked]:
    """What each world is asked for: everything, the programme (from roll-ups), and one of each kind of filter."""
    chance, cast = made.random, made.cast
    mine = Asked(programme=cast.programme.slug, zone=cast.programme.time_zone)

    def but(**changes: object) -> Asked:
        return Asked(**{**vars(mine), **changes})

    since = (DAY0 + timedelta(days=chance.randrange(250))).date()
    until = since + timedelta(days=chance.randrange(120))
    some = chance.choice(made.releases[cast.autopilot.pk]).pk
    never = [but(until=date(2025, 1, 1)), but(since=date(2030, 1, 1), until=date(2030, 2, 1))]
    return [
        Asked(by="week"),
        mine,
        chance.choice([but(component=cast.autopilot.slug, by="week"), but(component=cast.radio.slug, by="quarter")]),
        chance.choice([but(since=since, until=until), but(since=since, by="week"), but(until=until, by="quarter")]),
        chance.choice(
            [
                but(severity="S2"), but(team=cast.north.slug), but(passes=chance.choice([1, 2])),
                but(hardware=cast.rev_a.pk), but(release=some), but(platform=cast.platform.slug, severity="S1"),
            ]
        ),
    ] + never * (made.shape.tickets < 20)  # fmt: skip


def filters_of(asked: Asked) -> Filters:
    return Filters(**{**vars(asked), "zone": ZoneInfo(asked.zone)})


def promise(cast: Cast, made: RandomWorld) -> None:
    """Set service levels and a baseline, as a manager does; some are replaced by newer ones."""
    manager = cast.actor("solveig")
    for severity, days in (("S1", 3), ("S1", 20), ("S2", 60), ("S3", None)):
        set_service_level(actor=manager, programme=cast.programme, severity=severity, days=days)
    last = (DAY0 + timedelta(days=made.random.randrange(60, 200))).date()
    set_baseline(actor=manager, programme=cast.programme, first=DAY0.date(), last=last)


NUMBERS: dict[str, list[dict[str, int]]] = {
    "forecast": [{}, {"n": 3, "days": 10, "engineers": 4}],
    "backtest": [{"n": 2}, {"n": 7, "days": 9}],
    "releases": [{}, {"rows": 3, "releases_from": 2, "fixes_from": 4}],
}


def test_every_page_has_its_slow_twin() -> None:
    assert set(ANSWERS) == set(PAGES)


@pytest.mark.parametrize("tickets", SIZES)
def test_every_figure_of_random_worlds(cast: Cast, tickets: int) -> None:
    @given(shape=shapes(tickets))
    @settings(
        max_examples=SIZES[tickets],
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # a smaller world would show no more than the sentence that differs
        suppress_health_check=list(HealthCheck),
    )
    def hold(shape: Shape) -> None:
        check_a_world(cast, shape)

    hold()


def check_a_world(cast: Cast, shape: Shape) -> None:
    """Make a world, compare all that is said of it, and unmake it."""
    with transaction.atomic():
        made = RandomWorld(cast, shape)
        promise(cast, made)
        with clock.at(made.now):
            project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
            project_tasks(task_ids=list(Task.objects.values_list("pk", flat=True)))
            refresh_spans(limit=made.random.choice([None, 5]))
            refresh_work(limit=made.random.choice([None, 5, 0]))
            refresh_loops(limit=made.random.choice([None, 5, 0]))
            numbers = check_every_page(read(), narrowings(made))
        assert all(count > 20 for count in numbers.values()), numbers
        transaction.set_rollback(True)


def questions_for(report: str, known: Known, *, twice: bool) -> list[dict[str, Any]]:
    """What a report is asked beside its filters; of forecasts, one is for the oldest open ticket and two others."""
    found: list[dict[str, Any]] = [*NUMBERS.get(report, [{}])[: 2 if twice else 1]]
    still_open = [one for one in known.every.values() if one.counts() and one.finished is None]
    running = sorted(still_open, key=lambda one: one.start)
    if report in ("forecast", "backtest") and running and (twice or known.asked.severity):
        some = {one.ticket for one in (running[0], running[len(running) // 2], running[-1])}
        found.append({"tickets": ",".join(f"FB-{number}" for number in sorted(some))})
    return found


def check_every_page(world: World, narrowed: list[Asked]) -> Counter[str]:
    """Compare every page under every filter; give how many numbers were compared on each."""
    every, numbers, wrong = lives(world), Counter[str](), []
    for report in PAGES:
        for asked in narrowed:
            known = Known(world, every, asked)
            for questions in questions_for(report, known, twice=asked in narrowed[:2]):
                try:
                    found = document(PAGES[report], SYSTEM, filters_of(asked), questions, [])
                    numbers[report] += compare(found, ANSWERS[report](known, questions))
                except AssertionError as differs:
                    wrong.append(str(differs))
    assert not wrong, "\n\n".join(wrong)
    return numbers
