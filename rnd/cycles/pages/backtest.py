"""Every past forecast beside what came: of when, of how many, of chosen tickets, and of the flow model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.flow import still_open
from rnd.cycles.documents import Section
from rnd.cycles.filters import Filters
from rnd.cycles.pages import chosen, what_if
from rnd.cycles.pages.forecast import asked_of
from rnd.cycles.pages.promises import past_counts, past_days


def build(actor: Actor, filters: Filters, asked: Mapping[str, Any]) -> tuple[int, list[Section]]:
    """Give the count of past forecasts of when that are judged, and each of all beside what came."""
    found = asked_of(actor, filters, asked, still_open(actor, filters))
    judged = [trial for trial in found.trials if trial.counts(trial.promised)]

    def made(origin: int) -> date:
        return found.first + timedelta(days=origin)

    when = ngettext(
        "Past forecasts of %(n)d loop, made with 85 %%", "Past forecasts of %(n)d loops, made with 85 %%", found.n
    )
    many = ngettext(
        "Past forecasts of %(n)d day, made with 85 %%", "Past forecasts of %(n)d days, made with 85 %%", found.days
    )
    return len(judged), [
        *chosen.past_sections(actor, filters, asked),
        past_days(
            "backtest",
            found.trials,
            made,
            title=when % {"n": found.n},
            lede=_("One for the end of each week, from nothing but what was known then."),
        ),
        past_counts(
            "counts",
            found.count_trials,
            made,
            title=many % {"n": found.days},
            lede=_("How many loops would finish at least, beside how many did, for the end of each week."),
        ),
        what_if.past_section(actor, filters),
    ]
