"""The finished loops that a report is about, read by column: fresh slabs as packed, stale ones from the rows."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from django.db import router

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role, Team
from foundation.catalogue.models import Component, Platform, Programme
from frontline_feedback.policies import STAFF
from rnd.cycles.facts.columnar.loops import BUSY, REACHED, SEVERITIES, TYPES, packed
from rnd.cycles.facts.columnar.reading import Arrays, Mask, Numbers, every, moment, read, taken
from rnd.cycles.filters import Filters
from rnd.cycles.models import LoopColumn

# Of each loop so many numbers.
_EACH: Final = {"busy": len(BUSY), "reached": REACHED}

_SLABS: Final = "s.programme_id = ANY(%(programmes)s) AND s.since < %(until)s AND s.until > %(since)s"
_STALE: Final = f"{_SLABS} AND s.computed < s.version"
# Of slabs that the period cuts, it has to be known when each loop finished.
_FRESH: Final = f"""
SELECT c.programme_id, c.first, c.name, c.packed
FROM cycles_slab s JOIN cycles_loopcolumn c ON c.programme_id = s.programme_id AND c.first = s.first
WHERE {_SLABS} AND s.computed = s.version AND (c.name = ANY(%(names)s)
    OR c.name = 'finished_at' AND NOT (s.since >= %(since)s AND s.until <= %(until)s))
"""


@dataclass(frozen=True, slots=True)
class FinishedLoops:
    """The counted loops of these programmes that finished in [since, until), narrowed to columns with these values."""

    using: str
    programmes: Sequence[int]
    wanted: Mapping[str, int] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None

    def narrowed(self, programme: int, **wanted: int) -> FinishedLoops:
        """Give those of one of the programmes and with these values."""
        programmes = [programme] if programme in self.programmes else []
        return replace(self, programmes=programmes, wanted={**self.wanted, **wanted})

    def read(self, *names: str) -> Iterator[tuple[date, Arrays]]:
        """Give, by the first days of slabs, these columns of each slab that has any of the loops: of those loops."""
        asked = {*names, *self.wanted, *(("passes",) if "pass_us" in names else ())}
        cut = self.since is not None or self.until is not None
        stale = packed({*asked, *(("finished_at",) if cut else ())}, _STALE)
        params = {
            "programmes": list(self.programmes), "names": sorted(asked), "since": self.since or "-infinity",
            "until": self.until or "infinity",
        }  # fmt: skip
        for first, arrays in read(self.using, f"{_FRESH} UNION ALL {stale} ORDER BY 2, 1", params, TYPES):
            mask = self._mask(arrays)
            # Places are looked for once: every column is taken at the same ones.
            keep = None if mask is None else np.flatnonzero(mask)
            if keep is None or len(keep):
                yield first, {name: _taken(arrays, name, keep) for name in names}

    def _mask(self, arrays: Arrays) -> Mask | None:
        """Tell which loops of a slab are asked for; None for all."""
        masks: list[Mask] = [arrays[name] == value for name, value in self.wanted.items()]
        finished = arrays.get("finished_at")
        if finished is not None and self.since is not None:
            masks.append(finished >= moment(self.since))
        if finished is not None and self.until is not None:
            masks.append(finished < moment(self.until))
        return every(masks)


def finished_loops(actor: Actor, filters: Filters) -> FinishedLoops | None:
    """Give the finished loops of a report; None for a reader who sees only some loops of a programme."""
    programmes = Programme.objects.order_by("pk")
    if not actor.is_system:
        if not actor.has_scope("cycles:read") or actor.teams(Role.REPORTER):
            return None
        programmes = programmes.filter(pk__in=actor.programmes(*STAFF))
    if filters.programme:
        programmes = programmes.filter(slug=filters.programme)
    return FinishedLoops(
        using=router.db_for_read(LoopColumn),
        programmes=list(programmes.values_list("pk", flat=True)),
        wanted=narrowing(filters),
        since=None if filters.since is None else filters.starts(filters.since),
        until=None if filters.until is None else filters.starts(filters.until + timedelta(days=1)),
    )


def narrowing(filters: Filters) -> dict[str, int]:
    """Give what narrows loops, by column; what has an unknown slug is no loop's."""
    wanted: dict[str, int] = {}
    for column, model, slug in (
        ("component_id", Component, filters.component),
        ("platform_id", Platform, filters.platform),
        ("team_id", Team, filters.team),
    ):
        if slug:
            wanted[column] = model.objects.filter(slug=slug).values_list("pk", flat=True).first() or -1
    if filters.severity:
        wanted["severity"] = place_of(filters.severity)
    exact = {"hardware_id": filters.hardware, "fixed_by_id": filters.release, "passes": filters.passes}
    return wanted | {name: value for name, value in exact.items() if value is not None}


def place_of(severity: str) -> int:
    """Give how columns say a severity."""
    return SEVERITIES.index(severity) + 1 if severity in SEVERITIES else -1


def _taken(arrays: Arrays, name: str, keep: Numbers | None) -> Numbers:
    if name in _EACH:
        return taken(arrays[name].reshape(-1, _EACH[name]), keep)
    if name == "pass_us" and keep is not None:
        kept = np.zeros(len(arrays["passes"]), dtype=bool)
        kept[keep] = True
        return taken(arrays[name], np.flatnonzero(np.repeat(kept, arrays["passes"])))
    return taken(arrays[name], keep)
