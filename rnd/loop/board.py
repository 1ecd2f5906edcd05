"""The verdict board: what the teams say of each release on each hardware revision, and who has not answered yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q, QuerySet

from foundation.accounts.actors import Actor
from foundation.catalogue.models import HardwareRevision
from frontline_feedback.models import Offer, Ticket, Verdict
from releases.models import Installation, Release

UNANSWERED: Final = "none"
OUTCOMES: Final = (*Verdict.Outcome.values, UNANSWERED)
BAD: Final = frozenset({Verdict.Outcome.NOT_FIXED.value, Verdict.Outcome.WORSE.value})
SHOWN: Final = 40


@dataclass(slots=True)
class Row:
    """One release on one hardware revision (None: unknown). `tickets` are those that stand in each count."""

    release: Release
    hardware: HardwareRevision | None
    tickets: dict[str, list[int]] = field(default_factory=lambda: {outcome: [] for outcome in OUTCOMES})

    @property
    def counts(self) -> dict[str, int]:
        """How many verdicts of each outcome, and how many are still awaited."""
        return {outcome: len(pks) for outcome, pks in self.tickets.items()}

    @property
    def total(self) -> int:
        """All that were asked."""
        return sum(self.counts.values())

    @property
    def bad(self) -> list[str]:
        """The keys of the tickets that are not fixed or worse."""
        return [f"FB-{pk}" for outcome in ("worse", "not_fixed") for pk in sorted(set(self.tickets[outcome]))]

    @property
    def fixed_share(self) -> int | None:
        """Whole percent of fixed among those that could judge; None where nobody could."""
        judged = sum(len(self.tickets[name]) for name in ("fixed", "not_fixed", "worse"))
        return len(self.tickets["fixed"]) * 100 // judged if judged else None


def board(actor: Actor, *, release: Release | None = None, component: str = "", limit: int = SHOWN) -> list[Row]:
    """Give the rows of the newest `limit` releases that were judged or installed as a fix, newest first.

    One thing asked is one ticket in one pass: it counts with the last verdict that was given on the release, or as
    unanswered where the team runs the fix and has said nothing in that pass. Only visible tickets. Six queries.
    """
    tickets = Ticket.objects.visible_to(actor)
    releases = _releases(actor, tickets, release, component, limit)
    found: dict[tuple[int, int | None], Row] = {}
    cells: dict[tuple[int, int | None], dict[str, list[int]]] = defaultdict(lambda: {name: [] for name in OUTCOMES})
    for release_id, hardware_id, outcome, ticket_id in (*_judged(tickets, releases), *_awaited(tickets, releases)):
        cells[release_id, hardware_id][outcome].append(ticket_id)
    hardware = HardwareRevision.objects.select_related("platform").in_bulk({pk for _release, pk in cells if pk})
    for (release_id, hardware_id), counts in cells.items():
        known = hardware.get(hardware_id) if hardware_id else None
        found[release_id, hardware_id] = Row(releases[release_id], known, counts)
    return sorted(
        found.values(),
        key=lambda row: (row.release.component.name, -row.release.sequence, str(row.hardware or "")),
    )


_Cell = tuple[int, int | None, str, int]


def _releases(
    actor: Actor, tickets: QuerySet[Ticket], release: Release | None, component: str, limit: int
) -> dict[int, Release]:
    if release is not None:
        return {release.pk: release}
    asked = Q(pk__in=Verdict.objects.filter(ticket__in=tickets).values("release"))
    asked |= Q(pk__in=Offer.objects.filter(ticket__in=tickets, installed_at__isnull=False).values("release"))
    visible = Release.objects.visible_to(actor).filter(asked).select_related("component")
    if component:
        visible = visible.filter(component__slug=component)
    return {found.pk: found for found in visible.order_by("-drafted_at", "-pk")[:limit]}


def _judged(tickets: QuerySet[Ticket], releases: Iterable[int]) -> list[_Cell]:
    rows = Verdict.objects.filter(ticket__in=tickets, release__in=list(releases)).order_by("given_at", "pk")
    last = {
        (ticket_id, release_id, number): (release_id, hardware_id, outcome, ticket_id)
        for ticket_id, release_id, number, hardware_id, outcome in rows.values_list(
            "ticket_id", "release_id", "pass_number", "hardware_id", "outcome"
        )
    }
    return list(last.values())


def _awaited(tickets: QuerySet[Ticket], releases: Iterable[int]) -> list[_Cell]:
    """Give what is installed and unanswered, once for each pass: at the last of its releases that was installed."""
    offers = (
        Offer.objects.filter(ticket__in=tickets, release__in=list(releases), installed_at__isnull=False)
        .order_by("installed_at", "pk")
        .values_list("ticket_id", "pass_number", "release_id", "ticket__team_id")
    )
    last = {(ticket_id, number): (release_id, team_id) for ticket_id, number, release_id, team_id in offers}
    answered = set(
        Verdict.objects.filter(ticket__in=[ticket_id for ticket_id, _number in last]).values_list(
            "ticket_id", "pass_number"
        )
    )
    waiting = {key: value for key, value in last.items() if key not in answered}
    installed = Installation.objects.filter(
        release__in={release_id for release_id, _team in waiting.values()},
        team__in={team_id for _release, team_id in waiting.values()},
    ).order_by("installed_at", "pk")
    runs = {
        (release, team): hardware for release, team, hardware in installed.values_list("release", "team", "hardware")
    }
    return [
        (release_id, runs.get((release_id, team_id)), UNANSWERED, ticket_id)
        for (ticket_id, _number), (release_id, team_id) in waiting.items()
    ]
