"""What all reports are put together from: columns of percentiles, sentences about what is hidden, names of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import Team
from foundation.kit import wording
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.documents import Column, Figure, Note, Series
from rnd.cycles.filters import Filters
from rnd.cycles.presenting import reason_label, tickets_url
from rnd.cycles.statistics.figures import FEWEST, Percentile

PERCENTILE_SERIES = [Series("p50", "info"), Series("p85", "ink"), Series("p95", "line-control", dashed=True)]


def percentile_columns() -> list[Column]:
    """Give the columns p50, p85 and p95, with their intervals in files."""
    shown = [Column(f"p{percent}", f"p{percent}", "us") for percent in (50, 85, 95)]
    bounds = [
        Column(f"p{percent}_{end}", f"p{percent} {end}", "us", aside=True)
        for percent in (50, 85, 95)
        for end in ("low", "high")
    ]
    return [*shown, *bounds]


def percentile_values(found: Sequence[Percentile]) -> list[int | None]:
    """Give the values of these columns."""
    bounds = [bound for one in found for bound in (one.low, one.high)]
    return [*(one.value for one in found), *bounds]


def percentile_links(found: Sequence[Percentile], filters: Filters, **more: str) -> dict[str, str]:
    """Give the way from each percentile to the tickets that took as long or longer, the one that it is of first."""
    return {
        f"p{one.percent}": tickets_url(filters, sort="shortest", at_least=str(one.value), **more)
        for one in found
        if one.value is not None
    }


def percentile_figures(loop: Ranked, filters: Filters, *, strong: bool = False) -> list[Figure]:
    """Give p50, p85 and p95 as headline figures, each with its interval and its way to the tickets."""
    links = percentile_links(loop.percentiles, filters)
    return [
        Figure(
            key=f"p{one.percent}",
            label=_("Loop, p%(percent)s") % {"percent": one.percent},
            value=one.value,
            n=one.n,
            note=interval(one),
            url=links.get(f"p{one.percent}", ""),
            strong=strong and one.percent == 50,
        )
        for one in loop.percentiles
    ]


def interval(found: Percentile) -> str:
    """Write the 95 % interval; with few loops one end of it, or both, lie beyond all of them."""
    if found.hidden:
        return _("hidden: too few loops")
    ends = {"low": wording.duration(found.low), "high": wording.duration(found.high)}
    if found.low is not None and found.high is not None:
        return _("95 %% interval: %(low)s to %(high)s") % ends
    if found.low is not None:
        return _("95 %% interval: %(low)s or more") % ends
    if found.high is not None:
        return _("95 %% interval: %(high)s or less") % ends
    return _("too few loops for an interval")


def few(n: int) -> list[Note]:
    """Say that percentiles are hidden, where they are."""
    if n >= FEWEST:
        return []
    return [Note(_("Fewer than ten loops: percentiles would be only their largest values, and are hidden."), "info")]


def few_in_rows(counts: Iterable[int]) -> list[Note]:
    """Say that percentiles are hidden in rows of a table whose counts stand before them."""
    if not any(0 < n < FEWEST for n in counts):
        return []
    said = _(
        "Percentiles of fewer than ten lengths would be only the largest of them, and are hidden; how many there are "
        "stands before them."
    )
    return [Note(said, "info")]


def hits_label(hits: int, trials: int) -> str:
    """Say how many of the past forecasts held."""
    if not trials:
        return _("no past forecast is decided yet")
    said = ngettext("%(hits)d of %(n)d past forecast held", "%(hits)d of %(n)d past forecasts held", trials)
    return said % {"hits": hits, "n": trials}


def hit_columns() -> list[Column]:
    """Give the columns of a forecast's past: which share of it held, and the counts behind that."""
    return [
        Column("hit_rate", _("Past ones that held"), "share"),
        Column("hits", _("Held"), "count"),
        Column("trials", _("of"), "count"),
    ]


def left_out(reasons: Mapping[str, int], still_open: int, filters: Filters) -> list[Note]:
    """Say how many tickets are not in the figures, and why."""
    found = []
    if still_open:
        said = ngettext(
            "%(n)d ticket is still open, and not in these figures.",
            "%(n)d tickets are still open, and not in these figures.",
            still_open,
        )
        found.append(Note(said % {"n": still_open}, url=tickets_url(filters, show="open")))
    for reason, n in reasons.items():
        said = _("Left out: %(reason)s (%(n)d)") % {"reason": reason_label(reason), "n": n}
        found.append(Note(said, url=tickets_url(filters, show=reason)))
    return found


def team_names(teams: Iterable[int | None]) -> dict[int | None, str]:
    """Give the names of teams, with one query; None is nobody's."""
    wanted = {team for team in teams if team is not None}
    named: dict[int | None, str] = dict(Team.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {**named, None: _("no team")}
