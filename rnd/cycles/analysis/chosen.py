"""When chosen tickets will all be in the field and confirmed, each as old as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from foundation.accounts.actors import Actor
from foundation.kit import clock
from rnd.cycles.analysis.lives import lives
from rnd.cycles.analysis.prospects import PROMISES
from rnd.cycles.analysis.remembered import remembered
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.statistics import calibration
from rnd.cycles.statistics import remaining as r
from rnd.cycles.statistics.figures import P85


@dataclass(frozen=True, slots=True)
class Ticket:
    """One of the chosen tickets: its age in days, how many finished loops took longer, and its forecast alone."""

    loop: Loop
    age: int
    longer: int
    alone: Mapping[Fraction, calibration.Forecast]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The forecast for all of them as of `today`, the last whole day.

    `gone` are the numbers of those that are not open any more; it is made from `n` finished loops.
    """

    today: date
    n: int
    tickets: Sequence[Ticket]
    gone: Sequence[int]
    when: Mapping[Fraction, calibration.Forecast]

    def day(self, days: int | None) -> date | None:
        """Give the day that is so many days after today."""
        return None if days is None else self.today + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The open ones of the tickets that were asked for, the oldest first, and the loops that they are foretold from."""

    loops: Sequence[Loop]
    ages: Sequence[int]
    lives: r.Lives
    today: date

    def past(self, ages: Sequence[int], p: Fraction) -> list[calibration.Trial]:
        """Give the past forecasts of tickets of such ages, which change with the day only."""
        return remembered(r.backtest, self.lives, list(ages), p, today=self.today.toordinal()) if ages else []

    def foretold(self, known: r.Lengths, ages: Sequence[int]) -> dict[Fraction, calibration.Forecast]:
        """Give when all of these ages are done, with each probability."""
        return {p: r.forecast(known, ages, p, self.past(ages, p), today=self.today.toordinal()) for p in PROMISES}


def _asked(actor: Actor, filters: Filters, numbers: Sequence[int]) -> _Asked:
    today = clock.now().astimezone(filters.zone).date() - timedelta(days=1)
    running = Loop.objects.visible_to(actor).unfinished().filter(pk__in=numbers).select_related("ticket", "team")
    loops = list(running.order_by("started_at", "pk"))
    ages = [max(0, (today - one.started_at.astimezone(filters.zone).date()).days) for one in loops]
    return _Asked(loops, ages, lives(actor, filters, until=today), today)


def chosen(actor: Actor, filters: Filters, numbers: Sequence[int]) -> Chosen:
    """Forecast when those of these tickets are all done that are open, from the loops that the filters let through.

    These count whenever they finished; the filters narrow them, and not the tickets.
    """
    asked = _asked(actor, filters, numbers)
    known = r.known(asked.lives, asked.today.toordinal())
    alone, together = {age: asked.foretold(known, [age]) for age in asked.ages}, asked.foretold(known, asked.ages)
    aged = zip(asked.loops, asked.ages, strict=True)
    return Chosen(
        today=asked.today,
        n=known.longer(-1),
        tickets=[Ticket(one, age, known.longer(age), alone[age]) for one, age in aged],
        gone=sorted(set(numbers) - {one.pk for one in asked.loops}),
        when={p: _never_sooner(together[p], [some[p] for some in alone.values()]) for p in PROMISES},
    )


def chosen_before(actor: Actor, filters: Filters, numbers: Sequence[int]) -> tuple[int, list[calibration.Trial]]:
    """Give how many of these tickets are open, and the past forecasts of as many like them, made with 85 %."""
    asked = _asked(actor, filters, numbers)
    return len(asked.loops), asked.past(asked.ages, P85)


def _never_sooner(one: calibration.Forecast, parts: Sequence[calibration.Forecast]) -> calibration.Forecast:
    """Promise no less for all than for each: every forecast is stretched by a past of its own."""
    if one.promised is None:
        return one
    return replace(one, promised=max([one.promised, *(part.promised or 0 for part in parts)]))
