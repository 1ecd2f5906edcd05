"""When chosen tickets are all done: one loop after the other, day after day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Any

from tests.cycles.slow.answer import Known, Part
from tests.cycles.slow.chances import Trial, held, kept, stretched
from tests.cycles.slow.figures import ALL, P50, P85, share
from tests.cycles.slow.life import Life
from tests.cycles.slow.past import past_part

# The day on which it began, the one on which it finished or None, and the ticket.
Span = tuple[date, date | None, int]


def spans(known: Known, yesterday: date) -> list[Span]:
    """Every loop that counts, at any time, as it was known at the end of yesterday."""
    every = known.but(since=None, until=None)
    found: list[Span] = [(known.asked.day(one.start), known.day(one), one.ticket) for one in every.finished]
    found += [(known.asked.day(one.start), None, one.ticket) for one in every.open]
    return [
        (began, None if ended is None or ended > yesterday else ended, pk)
        for began, ended, pk in found
        if began <= yesterday
    ]


def days_for(every: Sequence[Span], on: date, ages: Sequence[int], p: Fraction) -> int | None:
    """In how many days all are done, by the loops that were finished on that day."""
    lengths = [(ended - began).days for began, ended, _pk in every if ended is not None and ended <= on]
    older = [[length for length in lengths if length > age] for age in ages]
    if any(len(some) < 10 for some in older):
        return None
    days = 0
    while True:
        chances = [
            Fraction(sum(length <= age + days for length in some), len(some))
            for age, some in zip(ages, older, strict=True)
        ]
        if reduce(mul, chances) >= p:
            return days
        days += 1


def like_ones(every: Sequence[Span], on: date, ages: Sequence[int]) -> list[Span] | None:
    """The tickets that were open then and as old as these, or nearly: the oldest chooses first, no two of one day."""
    found: list[Span] = []
    for age in sorted(ages, reverse=True):
        free = [
            one for one in every
            if one[0] <= on and (one[1] is None or one[1] > on) and one[0] not in [taken[0] for taken in found]
        ]  # fmt: skip
        if not free:
            return None
        wanted = on - timedelta(days=age)
        found.append(min(free, key=lambda one: (abs((one[0] - wanted).days), one[0], one[2])))
    return found


def past(every: Sequence[Span], ages: Sequence[int], p: Fraction, yesterday: date) -> list[Trial]:
    finishes = [ended for _began, ended, _pk in every if ended is not None]
    found: list[Trial] = []
    on = min(finishes, default=yesterday + timedelta(days=1))
    while on <= yesterday:
        expected = days_for(every, on, ages, P50) if on.weekday() == 6 else None
        like = None if expected is None else like_ones(every, on, ages)
        if expected is not None and like is not None:
            raw, better = days_for(every, on, ages, p), stretched(found, expected, p, on.toordinal())
            assert raw is not None
            promised = raw if better is None or better < raw else better
            ends = [one[1] for one in like]
            last = None if None in ends else max(end for end in ends if end is not None)
            came = None if last is None else (last - on).days
            over = (yesterday - on).days
            found.append(Trial(on.toordinal(), expected, promised, better is not None, came, over))
        on += timedelta(days=1)
    return found


def chosen(known: Known, keys: str) -> dict[str, Part]:
    """The forecast for all of them, and that of each."""
    yesterday = known.asked.today(known.world) - timedelta(days=1)
    every = spans(known, yesterday)
    mine, ages = ages_of(known, keys, yesterday)
    alone = {age: foretold(every, [age], yesterday) for age in ages}
    rows, figures, says = [], {}, []
    for p, (raw, promised, calibrated, hits, decided) in foretold(every, ages, yesterday).items():
        latest = None if promised is None else max([promised, *(some[p][1] or 0 for some in alone.values())])
        day = None if latest is None else yesterday + timedelta(days=latest)
        how = "calibrated by past forecasts" if calibrated else "uncalibrated: too few past forecasts"
        how = "" if latest is None else how
        rows.append([p, day, latest, raw, how, share(hits, decided), hits, decided])
        figures[f"p{int(p * 100)}"] = (day, decided)
        says.append(held(hits, decided))
    lengths = [(ended - began).days for began, ended, _pk in every if ended is not None]
    each: list[list[Any]] = []
    for one, age in zip(mine, ages, strict=True):
        days = alone[age][P85][1]
        day = None if days is None else yesterday + timedelta(days=days)
        title, team = known.world.titles[one.ticket][0], known.world.teams[one.team].name
        each.append([one.ticket, title, team, age, sum(length > age for length in lengths), days, day])
    old = [f"FB-{row[0]}" for row in each if row[4] < 10]
    if old:
        they = "it has" if len(old) == 1 else "they have"
        says.append(
            f"Of {', '.join(old)} nobody can say, and so of all: fewer than ten finished loops took longer than {they}."
        )
    says.append(
        f"Made from {len(lengths)} finished loop{'s' * (len(lengths) != 1)}, at any time. "
        "Filters narrow these, and not the tickets."
    )
    names = ", ".join(f"FB-{one.ticket}" for one in mine)
    says.append(f"When {'is' if len(mine) == 1 else 'are'} {names} in the field and confirmed?")
    columns = ["confidence", "day", "promised", "raw", "how", "hit_rate", "hits", "trials"]
    found = {"chosen": Part(figures, columns, rows, says=says)}
    if len(mine) > 1:
        found["each"] = Part(columns=["ticket", "title", "team", "age", "longer", "days", "day"], rows=each)
    return found


# The days by the exact product, those that are promised, whether these are calibrated, and how often that held, of how
# many.
Told = tuple[int | None, int | None, bool, int, int]


def foretold(every: Sequence[Span], ages: Sequence[int], yesterday: date) -> dict[Fraction, Told]:
    """What is promised with each probability for tickets of these ages."""
    found = {}
    for p in ALL:
        trials = past(every, ages, p, yesterday)
        raw, expected = days_for(every, yesterday, ages, p), days_for(every, yesterday, ages, P50)
        better = None if expected is None else stretched(trials, expected, p, yesterday.toordinal())
        promised = raw if raw is None or better is None or better < raw else better
        found[p] = (raw, promised, better is not None, *kept(trials, calibrated=better is not None))
    return found


def ages_of(known: Known, keys: str, yesterday: date) -> tuple[list[Life], list[int]]:
    """The chosen tickets, the oldest first, and how many days old each was at the end of yesterday."""
    numbers = [int(key.removeprefix("FB-")) for key in keys.split(",")]
    mine = sorted((known.every[number] for number in numbers), key=lambda one: (one.start, one.ticket))
    return mine, [max(0, (yesterday - known.asked.day(one.start)).days) for one in mine]


def chosen_then(known: Known, keys: str) -> dict[str, Part]:
    """Every past forecast of such tickets, made with 85 %."""
    yesterday = known.asked.today(known.world) - timedelta(days=1)
    mine, ages = ages_of(known, keys, yesterday)
    trials = past(spans(known, yesterday), ages, P85, yesterday)
    title = f"Past forecasts of {len(mine)} such ticket{'s' * (len(mine) > 1)}, made with 85 %"
    return {"chosen": past_part(trials, date.fromordinal, title)}
