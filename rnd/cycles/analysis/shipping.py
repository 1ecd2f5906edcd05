"""What ships: cadence, from commit to field, DORA's five for each component, adoption and verdicts of a release."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from django.db.models import Min

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from foundation.kit import clock
from frontline_feedback.models import Ticket, Verdict
from releases import receiving
from releases.models import Installation, Release
from releases.news import new_commit_times
from rnd.cycles.clock.moments import MICROSECOND, to_us
from rnd.cycles.filters import Filters
from rnd.cycles.statistics.figures import PERCENTILES, Percentile, percentile

_WEEK = 7 * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Deployment:
    """A release at a team for the first time. `failed_at` only by an explicit link: a verdict `worse`, or withdrawal.

    What was withdrawn (or judged) before the team had it failed there the moment it came.
    `recovered_at` is when the team had another release of the component after that; `mends`: it is such a release.
    """

    release_id: int
    team_id: int
    component_id: int
    at: datetime
    failed_at: datetime | None
    recovered_at: datetime | None
    mends: bool


@dataclass(frozen=True, slots=True)
class Dora:
    """DORA's five of one component in the period, never blended with another's. Lengths are microseconds.

    Lead time: of each commit that is new in a release (imported history is not), to its first deployment.
    """

    component: Component
    deployments: int
    weeks: Fraction
    lead_times: Sequence[Percentile]
    failed: int
    reworked: int
    recovery_times: Sequence[Percentile]
    not_recovered: int

    @property
    def per_week(self) -> Fraction | None:
        return Fraction(self.deployments) / self.weeks if self.weeks else None

    @property
    def fail_rate(self) -> Fraction | None:
        return Fraction(self.failed, self.deployments) if self.deployments else None

    @property
    def rework_rate(self) -> Fraction | None:
        return Fraction(self.reworked, self.deployments) if self.deployments else None


@dataclass(frozen=True, slots=True)
class Cadence:
    """The releases of one component in the order of their first publication, and the time between neighbours."""

    component: Component
    releases: Sequence[tuple[int, datetime]]
    between: Sequence[Percentile]


def cadence(actor: Actor, filters: Filters) -> list[Cadence]:
    """Give when each component published in the period, and how long it took to the next one."""
    components = _components(actor, filters)
    firsts = receiving.first_publications(component.pk for component in components)
    by_component: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for number, release, at in firsts:
        if _inside(at, filters):
            by_component[number].append((release, at))
    found = []
    for component in components:
        some = by_component[component.pk]
        gaps = [(after - before) // MICROSECOND for (_, before), (_, after) in pairwise(some)]
        found.append(Cadence(component, some, _percentiles(gaps)))
    return found


def deployments(actor: Actor, filters: Filters) -> list[Deployment]:
    """Give every deployment of the components, whatever the period, in order; each pair of release and team once."""
    rows = (
        Installation.objects.filter(release__component__in=_components(actor, filters))
        .values_list("release", "team", "release__component", "release__withdrawn_at")
        .annotate(first=Min("installed_at"))
        .order_by("first", "release", "team")
    )
    if filters.team:
        rows = rows.filter(team__slug=filters.team)
    worse = Verdict.objects.filter(outcome=Verdict.Outcome.WORSE).values_list("release", "ticket__team")
    failures = {(release, team): at for release, team, at in worse.annotate(first=Min("given_at"))}
    told = [
        (release, team, component, at, _failed_at(at, failures.get((release, team)), withdrawn))
        for release, team, component, withdrawn, at in rows
    ]
    at_team: dict[tuple[int, int], list[tuple[datetime, int]]] = defaultdict(list)
    for release, team, component, at, _failed in told:
        at_team[team, component].append((at, release))
    mending: set[tuple[int, int]] = set()
    found = []
    for release, team, component, at, failed in told:
        after = None
        if failed is not None:
            later = [item for item in at_team[team, component] if item[0] >= failed and item[1] != release]
            after = min(later, default=None)
            if after is not None:
                mending.add((after[1], team))
        found.append((release, team, component, at, failed, None if after is None else after[0]))
    return [Deployment(*item, mends=(item[0], item[1]) in mending) for item in found]


def dora(actor: Actor, filters: Filters) -> list[Dora]:
    """Give DORA's five for each component the actor may see, over the deployments of the period."""
    every = deployments(actor, filters)
    found = []
    for component in _components(actor, filters):
        some = [item for item in every if item.component_id == component.pk and _inside(item.at, filters)]
        failed = [item for item in some if item.failed_at is not None]
        recoveries = [
            (item.recovered_at - item.failed_at) // MICROSECOND
            for item in failed
            if item.failed_at is not None and item.recovered_at is not None
        ]
        found.append(
            Dora(
                component=component,
                deployments=len(some),
                weeks=_weeks(some, filters),
                lead_times=_percentiles(
                    lead_times([item for item in every if item.component_id == component.pk], filters)
                ),
                failed=len(failed),
                reworked=sum(item.mends for item in some),
                recovery_times=_percentiles(recoveries),
                not_recovered=len(failed) - len(recoveries),
            )
        )
    return found


def lead_times(every: Sequence[Deployment], filters: Filters) -> list[int]:
    """Give the microseconds from each new commit to its release's first deployment, where that is in the period."""
    first: dict[int, datetime] = {}
    for item in every:
        first.setdefault(item.release_id, item.at)
    wanted = {release: at for release, at in first.items() if _inside(at, filters)}
    releases = list(Release.objects.filter(pk__in=wanted, imported=False).select_related("commit"))
    found = new_commit_times(releases)
    return [max(0, (wanted[release] - at) // MICROSECOND) for release, some in found.items() for at in some]


@dataclass(frozen=True, slots=True)
class Adoption:
    """One release: which team has had it since when, which teams subscribe to the component, what the verdicts say."""

    release: Release
    teams: Sequence[tuple[int, datetime]]
    subscribed: frozenset[int]
    verdicts: Mapping[str, int]

    @property
    def share(self) -> Fraction | None:
        """The share of the subscribed teams that have it; a team that has it and does not subscribe is not in it."""
        having = self.subscribed & {team for team, _at in self.teams}
        return Fraction(len(having), len(self.subscribed)) if self.subscribed else None


def adoption(actor: Actor, releases: Sequence[Release]) -> list[Adoption]:
    """Give how each release spread and what was said of it, with three queries for all of them.

    Verdicts count once a ticket: the last one on the release holds.
    """
    wanted = [release.pk for release in releases]
    installed = Installation.objects.visible_to(actor).filter(release__in=wanted).values_list("release", "team")
    teams: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for release, team, first in installed.annotate(first=Min("installed_at")).order_by("first", "team"):
        teams[release].append((team, first))
    given = Verdict.objects.filter(release__in=wanted, ticket__in=Ticket.objects.visible_to(actor))
    last: dict[int, dict[int, str]] = defaultdict(dict)
    for number, ticket, outcome in given.order_by("given_at", "recorded_at", "pk").values_list(
        "release", "ticket", "outcome"
    ):
        last[number][ticket] = outcome
    subscribed = receiving.subscribers({release.component_id for release in releases})
    return [
        Adoption(one, teams[one.pk], subscribed[one.component_id], Counter(last[one.pk].values())) for one in releases
    ]


def _components(actor: Actor, filters: Filters) -> list[Component]:
    found = Component.objects.visible_to(actor).order_by("name")
    if filters.programme:
        found = found.filter(programme__slug=filters.programme)
    return list(found.filter(slug=filters.component) if filters.component else found)


def _inside(at: datetime, filters: Filters) -> bool:
    day = at.astimezone(filters.zone).date()
    return (filters.since is None or day >= filters.since) and (filters.until is None or day <= filters.until)


def _weeks(some: Sequence[Deployment], filters: Filters) -> Fraction:
    """Give the length of the period in weeks; without a first day, from the first deployment on."""
    if filters.since is None and not some:
        return Fraction(0)
    starts = some[0].at if filters.since is None else filters.starts(filters.since)
    ends = clock.now()
    if filters.until is not None:
        ends = min(ends, filters.starts(filters.until.fromordinal(filters.until.toordinal() + 1)))
    return Fraction(max(0, to_us(ends) - to_us(starts)), _WEEK)


def _failed_at(at: datetime, *links: datetime | None) -> datetime | None:
    """Give when a deployment failed: at the first of its links, and never before it was there."""
    first = min((moment for moment in links if moment is not None), default=None)
    return None if first is None else max(first, at)


def _percentiles(values: Sequence[int]) -> list[Percentile]:
    ordered = sorted(values)
    return [percentile(ordered, p) for p in PERCENTILES]
