"""The flow: at each day's end, who had come how far; the work in progress counted by itself; the throughput."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.cycles.slow.answer import Answer, Known, Part
from tests.cycles.slow.figures import first_of, period_name
from tests.cycles.slow.life import Life
from tests.cycles.slow.plain import STAGES

DAILY = 190
LONGEST = 3700


def span(first: date, last: date) -> list[date]:
    first = max(first, last - timedelta(days=LONGEST))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def days_of(known: Known, marks: list[int]) -> list[date]:
    """The period's days up to today; without a first day, from the first mark on (or only the last day)."""
    asked, today = known.asked, known.asked.today(known.world)
    last = today if asked.until is None else min(asked.until, today)
    if asked.since is not None:
        return span(asked.since, last)
    return span(min([last, *(asked.day(mark) for mark in marks)]), last)


def counted(known: Known) -> list[Life]:
    return [life for life in known.fitting if life.counts()]


def wip_on(known: Known, day: date) -> int:
    """How many tickets had been seen and were not finished at the end of a day: counted ticket by ticket."""
    here = known.asked.day
    return sum(
        here(life.start) <= day and (life.finished is None or here(life.finished) > day) for life in counted(known)
    )


def finished_on(known: Known) -> list[date]:
    """The day of every finish, whatever the period."""
    return [known.asked.day(life.finished) for life in counted(known) if life.finished is not None]


def throughput(known: Known) -> tuple[list[date], list[int]]:
    done = [life.finished for life in counted(known) if life.finished is not None]
    days, on = days_of(known, done), finished_on(known)
    return days, [on.count(day) for day in days]


def answer(known: Known) -> Answer:
    lives, here = counted(known), known.asked.day
    days = days_of(known, [life.start for life in lives])
    marks = {stage: [here(mark) for life in lives if (mark := life.reached(stage)) is not None] for stage in STAGES}
    marks["finished"] = finished_on(known)
    names = [*STAGES, "finished"]

    def came(name: str, day: date) -> int:
        return sum(mark <= day for mark in marks[name])

    def band(stage: str, day: date) -> int:
        return came(stage, day) - came(names[names.index(stage) + 1], day)

    shown = [day for day in days if len(days) <= DAILY or day.weekday() == 6 or day == days[-1]]
    order = list(reversed(STAGES))
    done_days, done = throughput(known)
    weeks: dict[date, int] = {}
    for day, n in zip(done_days, done, strict=True):
        weeks[first_of(day, "week")] = weeks.get(first_of(day, "week"), 0) + n
    last = days[-1] if days else None
    arrived = 0 if last is None else came("transit", last)
    return Answer(
        arrived,
        {
            "cfd": Part(
                figures={
                    "wip": (None if last is None else wip_on(known, last), None),
                    "arrived": (arrived, None),
                    "finished": (0 if last is None else came("finished", last), None),
                    "throughput": (Fraction(7 * sum(done), len(done_days)) if done_days else None, sum(done)),
                },
                columns=["day", "finished", *order, "wip"],
                rows=[
                    [day, came("finished", day), *(band(stage, day) for stage in order), wip_on(known, day)]
                    for day in shown
                ],
            ),
            "wip": Part(columns=["day", "wip"], rows=[[day, wip_on(known, day)] for day in shown]),
            "throughput": Part(
                columns=["week", "monday", "n"],
                rows=[[period_name(monday, "week"), monday, n] for monday, n in weeks.items()],
                foot=["All", None, sum(done)],
            ),
        },
    )
