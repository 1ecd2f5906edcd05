"""What pages, the API and the rooms above read of this room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import Component
from foundation.kit.errors import NotFound
from releases.contents import (
    commits_in,
    contains,
    corrections_in,
    first_release_of,
    holders,
    is_in,
    newest_first,
    releases_holding,
)
from releases.models import (
    Channel,
    Installation,
    Publication,
    Release,
    Repository,
    Subscription,
)
from releases.news import new_in, released_ancestors
from releases.querysets import ReleaseQuerySet

__all__ = [
    "commits_in",
    "contains",
    "corrections_in",
    "first_release_of",
    "holders",
    "installed_by",
    "is_in",
    "latest_release",
    "new_in",
    "newest_first",
    "release_of",
    "released_ancestors",
    "releases_holding",
    "repository_of",
]


def release_of(actor: Actor, component: str, version: str) -> Release:
    """Give the visible release by its component's slug and its version, in any letter case; raises NotFound."""
    version = version.replace("\x00", "")
    found = (
        Release.objects.visible_to(actor)
        .filter(component__slug=component.lower(), version__iexact=version)
        .select_related("component", "repository", "commit", "proposed_by", "approved_by", "replacement__component")
    )
    releases = sorted(found, key=lambda release: release.version != version)
    if not releases:
        raise NotFound(
            "release.not_found",
            _("There is no release %(version)s of %(component)s that you may see.")
            % {"version": version[:120], "component": component[:60]},
        )
    return releases[0]


def latest_release(actor: Actor, component: str, *, channel: str = Channel.FLEET) -> Release:
    """Give the newest published release of the component that is out on `channel` or further; raises NotFound."""
    reaching = Channel(channel).received if channel in Channel.values else []
    found = (
        Release.objects.visible_to(actor)
        .filter(component__slug=component.lower(), state=Release.State.PUBLISHED, publications__channel__in=reaching)
        .select_related("component")
        .order_by("-sequence")
        .first()
    )
    if found is None:
        raise NotFound(
            "release.none_published",
            _("No release of %(component)s that you may see is out on “%(channel)s”.")
            % {"component": component[:60], "channel": channel[:20]},
        )
    return found


def repository_of(actor: Actor, slug: str) -> Repository:
    """Give the visible repository; raises NotFound."""
    found = Repository.objects.visible_to(actor).select_related("component").filter(slug=slug).first()
    if found is None:
        raise NotFound(
            "repository.not_found", _("There is no repository “%(slug)s” that you may see.") % {"slug": slug[:60]}
        )
    return found


def with_publications(releases: ReleaseQuerySet) -> ReleaseQuerySet:
    """Add what every list of releases shows: component, commit, and the publications in the order of channels."""
    return releases.select_related("component", "commit").prefetch_related(
        Prefetch("publications", Publication.objects.order_by("at", "pk"))
    )


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release in a list: since when it is out on each channel, and how many teams run it."""

    release: Release
    teams: int

    @property
    def out(self) -> dict[str, Publication]:
        """The publications by channel."""
        return {publication.channel: publication for publication in self.release.publications.all()}


@dataclass(frozen=True, slots=True)
class Line:
    """One component's releases, newest first, and the newest that each channel brings."""

    component: Component
    newest: dict[str, Release | None]
    rows: list[ReleaseRow]
    more: bool


def lines(actor: Actor, *, component: str = "", candidates: bool = False, each: int = 8) -> list[Line]:
    """Give the components that have visible releases, each with its newest `each`. Seven queries.

    Without `candidates`, imported drafts and release candidates are left out unless they were published.
    """
    visible = Release.objects.visible_to(actor)
    if component:
        visible = visible.filter(component__slug=component)
    components = list(Component.objects.filter(pk__in=visible.values("component")).order_by("name"))
    shown = visible if candidates else visible.exclude(is_candidate=True, state=Release.State.DRAFT)
    place = Window(RowNumber(), partition_by=F("component"), order_by=F("sequence").desc())
    newest_ids = list(shown.annotate(place=place).filter(place__lte=each + 1).values_list("pk", flat=True))
    by_component: dict[int, list[Release]] = defaultdict(list)
    for release in with_publications(Release.objects.filter(pk__in=newest_ids)).order_by("-sequence"):
        by_component[release.component_id].append(release)
    teams = teams_running(newest_ids)
    newest = _newest_on_channels(visible)
    return [
        Line(
            found,
            {channel: newest.get((found.pk, channel)) for channel in Channel.values},
            [ReleaseRow(release, teams.get(release.pk, 0)) for release in by_component[found.pk][:each]],
            more=len(by_component[found.pk]) > each,
        )
        for found in components
    ]


def _newest_on_channels(visible: ReleaseQuerySet) -> dict[tuple[int, str], Release]:
    """Give, by (component, channel), the newest published release that a subscriber of the channel receives."""
    found: dict[tuple[int, str], Release] = {}
    published = with_publications(visible.filter(state=Release.State.PUBLISHED))
    for release in published.order_by("component_id", "-sequence")[:2000]:
        for publication in release.publications.all():
            for channel in Channel:
                if Channel(publication.channel) in channel.received:
                    found.setdefault((release.component_id, channel.value), release)
    return found


def current_installations() -> QuerySet[Installation]:
    """Give what runs now: of each team on each hardware revision and component, the last installed."""
    newest = (
        Installation.objects.filter(
            team=OuterRef("team"),
            hardware=OuterRef("hardware"),
            release__component=OuterRef("release__component"),
        )
        .order_by("-installed_at", "-pk")
        .values("pk")[:1]
    )
    return Installation.objects.filter(pk=Subquery(newest))


def teams_running(release_ids: Iterable[int]) -> dict[int, int]:
    """Give, for each release, how many teams run it now. One query."""
    rows = current_installations().filter(release__in=list(release_ids)).values_list("release_id")
    return dict(rows.annotate(teams=Count("team", distinct=True)))


def installed_by(actor: Actor) -> QuerySet[Installation]:
    """Give the visible installations, newest first, with what lists show."""
    return (
        Installation.objects.visible_to(actor)
        .select_related("release__component", "team", "hardware__platform", "reported_by", "device")
        .order_by("-installed_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Received:
    """One team's row on the channels page: the channel that it receives of each component."""

    team: Team
    channels: list[tuple[Component, str]]


def channel_table(actor: Actor) -> tuple[list[Component], list[Received]]:
    """Give the components that the actor may subscribe teams to, and each field team's channels. Three queries."""
    from foundation.accounts.roles import TeamKind
    from releases.policies import STAFF

    programmes = actor.programmes(*STAFF)
    scope = Q() if actor.is_system else Q(programme__in=programmes)
    components = list(Component.objects.filter(scope).select_related("programme").order_by("name"))
    teams = (
        Team.objects.filter(programmes__in={component.programme_id for component in components})
        .exclude(kind=TeamKind.ACADEMIC)
        .distinct()
        .order_by("name")
    )
    of = {
        (team, component): channel
        for team, component, channel in Subscription.objects.filter(component__in=components).values_list(
            "team_id", "component_id", "channel"
        )
    }
    return components, [
        Received(team, [(component, of.get((team.pk, component.pk), "")) for component in components]) for team in teams
    ]
