"""When chosen tickets will all be in the field and confirmed, each as old as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    """One of the chosen tickets: its age in days, how many finished loops took longer, and its own days with 85 %."""

    loop: Loop
    age: int
    longer: int
    days: int | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The forecast for all of them as of `today`, the last whole day; `trials` are the past ones made with 85 %."""

    today: date
    tickets: Sequence[Ticket]
    when: Mapping[Fraction, calibration.Forecast]
    trials: Sequence[calibration.Trial]

    def day(self, days: int | None) -> date | None:
        """Give the day that is so many days after today."""
        return None if days is None else self.today + timedelta(days=days)


def chosen(actor: Actor, filters: Filters, numbers: Sequence[int]) -> Chosen:
    """Forecast when these open tickets are all done, from the loops that the filters let through, at any time."""
    today = clock.now().astimezone(filters.zone).date() - timedelta(days=1)
    loops = Loop.objects.visible_to(actor).unfinished().filter(pk__in=numbers).select_related("ticket", "team")
    open_ones = list(loops.order_by("started_at", "pk"))
    found, day = lives(actor, filters, until=today), today.toordinal()
    ages = [max(0, day - one.started_at.astimezone(filters.zone).date().toordinal()) for one in open_ones]
    trials = {p: remembered(r.backtest, found, ages, p, today=day) for p in PROMISES}
    known = r.known(found, day)
    aged = zip(open_ones, ages, strict=True)
    return Chosen(
        today=today,
        tickets=[Ticket(one, age, known.longer(age), known.days([age], P85)) for one, age in aged],
        when={p: r.forecast(known, ages, p, trials[p], today=day) for p in PROMISES},
        trials=trials[P85],
    )
