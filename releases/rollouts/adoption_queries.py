"""What the page of adoption shows: versions over time, and what each team runs now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from foundation.kit import clock
from releases.models import Installation, Release
from releases.queries import current_installations
from releases.rollouts.adoption import Reported, ends_of_weeks, running_at

WEEKS: Final = {"13": 13, "26": 26, "52": 52}
# The colours of the stages: they stay apart for everybody, in grey print too.
COLOURS: Final = ("stage-build", "stage-release", "stage-test", "stage-verify", "stage-queue", "stage-install")
VERSIONS_SHOWN: Final = len(COLOURS)


@dataclass(frozen=True, slots=True)
class Version:
    """One version's line in the table: at how many places it ran at the end of each week."""

    release: Release | None  # None: all the older ones together
    counts: list[int]

    @property
    def label(self) -> str:
        """Its name."""
        return self.release.version if self.release else _("older")

    @property
    def now(self) -> int:
        """At how many places it runs now."""
        return self.counts[-1]


@dataclass(frozen=True, slots=True)
class Adoption:
    """A component's versions over time."""

    component: Component
    moments: list[datetime]
    versions: list[Version]
    running: list[Installation]
    newest: Release | None

    @property
    def places(self) -> int:
        """At how many places anything runs now."""
        return sum(version.now for version in self.versions)

    @property
    def teams(self) -> int:
        """How many teams run anything."""
        return len({installation.team_id for installation in self.running})

    @property
    def on_newest(self) -> int:
        """How many teams run the newest version."""
        found = {row.team_id for row in self.running if self.newest and row.release_id == self.newest.pk}
        return len(found)

    @property
    def withdrawn(self) -> int:
        """How many teams run a withdrawn version."""
        return len({row.team_id for row in self.running if row.release.state == Release.State.WITHDRAWN})

    @property
    def chart(self) -> dict[str, Any]:
        """What static/js/charts.js draws."""
        colours = iter(COLOURS)
        return {
            "kind": "stacked",
            "labels": [date_format(moment, "j M") for moment in self.moments],
            "series": [
                {
                    "label": version.label,
                    "values": version.counts,
                    "colour": _colour(version) or next(colours),
                }
                for version in reversed(self.versions)
            ],
        }


def _colour(version: Version) -> str:
    if version.release is None:
        return "line-strong"
    return "bad" if version.release.state == Release.State.WITHDRAWN else ""


def adoption(actor: Actor, component: Component, *, weeks: int = 26) -> Adoption:
    """Give the component's versions at the end of each week up to now, the newest first. Four queries.

    A place is a team on a hardware revision; at each it runs what was installed there last.
    """
    visible = Installation.objects.visible_to(actor).filter(release__component=component)
    reports = [
        Reported((team_id, hardware_id), release_id, at)
        for team_id, hardware_id, release_id, at in visible.order_by("installed_at", "pk").values_list(
            "team_id", "hardware_id", "release_id", "installed_at"
        )
    ]
    moments = ends_of_weeks(clock.now(), weeks)
    counts = running_at(reports, moments)
    used = {release_id for counter in counts for release_id in counter}
    releases = list(Release.objects.filter(pk__in=used).select_related("component").order_by("-sequence"))
    shown, older = releases[:VERSIONS_SHOWN], releases[VERSIONS_SHOWN:]
    versions = [Version(release, [counter[release.pk] for counter in counts]) for release in shown]
    if older:
        versions.append(Version(None, [_together(counter, older) for counter in counts]))
    running = (
        current_installations()
        .filter(pk__in=visible.values("pk"))
        .select_related("team", "hardware__platform", "release__component")
        .order_by("team__name", "hardware__name")
    )
    published = Release.objects.filter(component=component, state=Release.State.PUBLISHED).order_by("-sequence")
    return Adoption(component, moments, versions, list(running), published.first())


def _together(counter: Counter[int], releases: list[Release]) -> int:
    return sum(counter[release.pk] for release in releases)


def components_with_installations(actor: Actor) -> list[Component]:
    """Give the components of which anything that the actor may see was installed, by name."""
    installed = Installation.objects.visible_to(actor).values("release__component")
    return list(Component.objects.filter(pk__in=installed).order_by("name"))
