"""A year of loops, as the reports in a browser show it."""

from __future__ import annotations

import random
from datetime import timedelta

from rnd.cycles.actions import project_tasks, project_tickets, set_baseline, set_service_level
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.world import DAY0, quick_loop

MINUTE = 60_000_000
# The usual length of each stage, in minutes; real ones are skewed around it.
USUAL = [90, 600, 2_000, 1_500, 3_500, 1_800, 4_500, 6_000, 2_500]
TITLES = [
    "Loses position after take-off",
    "Дрон втрачає супутники на висоті понад 120 м",
    "Video freezes for a second every minute or so, more often in the cold",
    "Motor 3 hot after landing",
]


def a_year(cast: Cast, *, count: int = 45) -> None:
    """Loops of a year with skewed lengths, some of them open, rejected or merged; promises and a baseline."""
    chance = random.Random(4)
    tickets = []
    for number in range(count):
        lengths = [round(usual * chance.lognormvariate(0, 0.8)) * MINUTE for usual in USUAL]
        end = "fixed" if number % 7 else ["open", "rejected", "merged"][number % 3]
        tickets.append(
            quick_loop(
                cast,
                seen=DAY0 + timedelta(hours=chance.randrange(24 * 200)),
                lengths=lengths[:6] if end == "open" else lengths,
                end=end,
                who=chance.choice(["olena", "stepan"]),
                title=TITLES[number % 4],
                component=chance.choice([cast.autopilot, cast.radio, cast.autopilot]),
                severity=chance.choice(["S1", "S2", "S2", "S3"]),
            )
        )
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    project_tasks(task_ids=list(Task.objects.values_list("pk", flat=True)))
    manager = cast.actor("solveig")
    set_service_level(actor=manager, programme=cast.programme, severity="S2", days=20)
    set_baseline(actor=manager, programme=cast.programme, first=DAY0.date(), last=(DAY0 + timedelta(days=80)).date())
