"""How releases spread, what was said of them, and whether they helped: the long tables of the page about shipping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from frontline_feedback.models import Verdict
from releases.models import Release
from rnd.cycles.analysis.helped import Helped, did_they_help
from rnd.cycles.analysis.shipping import Cadence, adoption
from rnd.cycles.documents import Column, Note, Row, Section, Table
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.presenting import all_rows_url
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.reports import finished

# So many of the newest releases with their adoption, and of the newest fixes, unless more are asked for.
ROWS: Final = 8
MOST_ROWS: Final = 500
OUTCOMES: Final = tuple(outcome.value for outcome in Verdict.Outcome)


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a long table are shown: `rows` of `n` from the place `first` (from 1) on; `name` asks for it."""

    name: str
    asked: Mapping[str, int]
    first: int
    rows: int
    n: int

    @classmethod
    def of(cls, name: str, asked: Mapping[str, int], n: int) -> Part:
        """Read from the address which part is asked for."""
        return cls(name, asked, asked.get(name, 1), asked.get("rows", ROWS), n)

    @property
    def slice(self) -> slice:
        return slice(self.first - 1, self.first - 1 + self.rows)

    def notes(self, said: str, anchor: str, filters: Filters) -> list[Note]:
        """Say which rows these are, with ways to the others; nothing where all of them are shown."""
        last = min(self.n, self.first + self.rows - 1)
        if not self.n or (self.first == 1 and last == self.n):
            return []

        def way(text: str, **changes: int) -> Note:
            query = filters.query(**{key: str(value) for key, value in {**self.asked, **changes}.items()})
            return Note(text, url=f"{reverse('cycles:report_releases')}?{query}#{anchor}", way=True)

        if self.first > self.n:
            return [Note(_("There are only %(n)d.") % {"n": self.n}), way(_("The newest"), **{self.name: 1})]
        found = [Note(said % {"first": self.first, "last": last, "n": self.n})]
        if self.first > 1:
            found.append(way(_("Newer"), **{self.name: max(1, self.first - self.rows)}))
        if last < self.n:
            found.append(way(_("Older"), **{self.name: last + 1}))
        found.append(way(_("All"), **{self.name: 1, "rows": min(self.n, MOST_ROWS)}))
        return found


def adopted(
    actor: Actor,
    rhythm: Sequence[Cadence],
    known: dict[int, Release],
    filters: Filters,
    asked: Mapping[str, int],
) -> Section:
    """Give how far each release came and what was said of it; of one release only where the filters name it."""
    newest = sorted(((at, number) for one in rhythm for number, at in one.releases), reverse=True)
    if filters.release is not None:
        newest = [pair for pair in newest if pair[1] == filters.release]
    shown = Part.of("releases_from", asked, len(newest))
    published = {number: at for at, number in newest[shown.slice]}
    rows = []
    for one in adoption(actor, [known[number] for number in published]):
        first = one.teams[0][1] if one.teams else None
        address = one.release.get_absolute_url()
        rows.append(
            Row(
                [
                    f"{one.release.component.name} {one.release.version}",
                    published[one.release.pk],
                    len(one.teams),
                    len(one.subscribed),
                    one.share,
                    first,
                    *(one.verdicts.get(outcome, 0) for outcome in OUTCOMES),
                ],
                {"release": address, "teams": address},
            )
        )
    return Section(
        name="adoption",
        title=_("Adoption and verdicts by release"),
        lede=_(
            "How many of the teams that subscribe to the component have installed it, and the last verdict "
            "on each ticket."
        ),
        notes=shown.notes(_("Releases %(first)d–%(last)d of %(n)d, the newest first."), "adoption", filters),
        table=Table(
            [
                Column("release", _("Release")),
                Column("published", _("Published"), "moment"),
                Column("teams", _("Teams"), "count"),
                Column("subscribed", _("Subscribed"), "count"),
                Column("adopted", _("Adopted"), "share"),
                Column("first", _("First installed"), "moment"),
                *(Column(outcome, str(Verdict.Outcome(outcome).label), "count") for outcome in OUTCOMES),
            ],
            rows,
        ),
        open=True,
    )


def helped(actor: Actor, filters: Filters, asked: Mapping[str, int]) -> Section:
    """Give for each fix of the period whether its fault was reported less often."""
    fixed = fixes(actor, filters)
    shown = Part.of("fixes_from", asked, fixed.count())
    tickets = list(fixed.values_list("pk", flat=True)[shown.slice])
    notes = shown.notes(_("Fixes %(first)d–%(last)d of %(n)d, the newest first."), "helped", filters)
    if notes:
        notes.append(Note(_("All of them, as a file"), url=all_rows_url(filters, "releases"), way=True))
    return Section(
        name="helped",
        title=_("Did it help?"),
        lede=_(
            "Reports of a fault for each week of a team that installed the release, at most eight weeks "
            "before and after. "
            "Below 1 it became rarer; the interval holds with 95 %."
        ),
        notes=notes,
        table=Table(helped_columns(), helped_rows(actor, tickets)),
        open=True,
    )


def fixes(actor: Actor, filters: Filters) -> LoopQuerySet[Loop]:
    """Give the fixes of the period, the newest first."""
    return finished(actor, filters).filter(fixed_by__isnull=False).order_by("-finished_at", "-pk")


def helped_columns() -> list[Column]:
    """Give the columns that tell whether a fix helped."""
    return [
        Column("ticket", _("Ticket"), "ticket"),
        Column("release", _("Release")),
        Column("teams", _("Teams"), "count"),
        Column("before", _("Reports before"), "count"),
        Column("weeks_before", _("Team-weeks before"), "rate"),
        Column("after", _("Reports after"), "count"),
        Column("weeks_after", _("Team-weeks after"), "rate"),
        Column("ratio", _("After ÷ before"), "ratio"),
        Column("low", _("at least"), "ratio"),
        Column("high", _("at most"), "ratio"),
        Column("reports", _("Tickets"), "tickets"),
    ]


def helped_rows(actor: Actor, tickets: Sequence[int], *, now: datetime | None = None) -> list[Row]:
    """Give these columns of some fixes, with four queries."""
    found = did_they_help(actor, tickets, now=now)
    numbers = {one.release_id for one in found}
    named = Release.objects.select_related("component").in_bulk(numbers)
    return [_helped_row(one, named[one.release_id]) for one in found if one.release_id in named]


def _helped_row(one: Helped, release: Release) -> Row:
    rates = one.rates
    return Row(
        [
            one.ticket_id,
            f"{release.component.name} {release.version}",
            len(one.teams),
            rates.before,
            rates.exposed_before,
            rates.after,
            rates.exposed_after,
            rates.ratio,
            rates.low,
            rates.high,
            tuple(one.reports),
        ],
        {"release": release.get_absolute_url()},
    )
