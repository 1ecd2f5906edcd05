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
    """The forecast for all of them as of `today`, the last whole day; `trials` are the past ones made with 85 %.

    `gone` are the numbers of those that are not open any more; it is made from `n` finished loops.
    """

    today: date
    n: int
    tickets: Sequence[Ticket]
    gone: Sequence[int]
    when: Mapping[Fraction, calibration.Forecast]
    trials: Sequence[calibration.Trial]

    def day(self, days: int | None) -> date | None:
        """Give the day that is so many days after today."""
        return None if days is None else self.today + timedelta(days=days)


def chosen(actor: Actor, filters: Filters, numbers: Sequence[int]) -> Chosen:
    """Forecast when those of these tickets are all done that are open, from the loops that the filters let through.

    These count whenever they finished; the filters narrow them, and not the tickets.
    """
    today = clock.now().astimezone(filters.zone).date() - timedelta(days=1)
    loops = Loop.objects.visible_to(actor).unfinished().filter(pk__in=numbers).select_related("ticket", "team")
    open_ones = list(loops.order_by("started_at", "pk"))
    found, day = lives(actor, filters, until=today), today.toordinal()
    known = r.known(found, day)

    def past(ages: list[int], p: Fraction) -> list[calibration.Trial]:
        return remembered(r.backtest, found, ages, p, today=day)

    def foretold(ages: list[int]) -> dict[Fraction, calibration.Forecast]:
        return {p: r.forecast(known, ages, p, past(ages, p), today=day) for p in PROMISES}

    ages = [max(0, day - one.started_at.astimezone(filters.zone).date().toordinal()) for one in open_ones]
    alone = {age: foretold([age]) for age in ages}
    together = foretold(ages)
    return Chosen(
        today=today,
        n=known.longer(-1),
        tickets=[Ticket(one, age, known.longer(age), alone[age]) for one, age in zip(open_ones, ages, strict=True)],
        gone=sorted(set(numbers) - {one.pk for one in open_ones}),
        when={p: _never_sooner(together[p], [some[p] for some in alone.values()]) for p in PROMISES},
        trials=past(ages, P85) if ages else [],
    )


def _never_sooner(one: calibration.Forecast, parts: Sequence[calibration.Forecast]) -> calibration.Forecast:
    """Promise no less for all than for each: every forecast is stretched by a past of its own."""
    if one.promised is None:
        return one
    return replace(one, promised=max([one.promised, *(part.promised or 0 for part in parts)]))
