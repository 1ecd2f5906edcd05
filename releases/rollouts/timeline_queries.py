"""Reads what the timeline shows: publications, their rollouts and groups, component by component."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from foundation.kit import clock, wording
from releases.models import Channel, Publication, Release
from releases.rollouts.models import Rollout, RolloutGroup
from releases.rollouts.timeline import Out, Phase, Picture, draw

MONTHS: Final = {"3": 3, "6": 6, "12": 12}


@dataclass(frozen=True, slots=True)
class Line:
    """A component with its picture, and the same as rows of a table."""

    component: Component
    picture: Picture
    outs: list[Out]


def timeline(actor: Actor, *, component: str = "", months: int = 6) -> list[Line]:
    """Give, for each visible component with publications, what was out in the last `months`. Five queries."""
    end = clock.now()
    start = end - timedelta(days=round(months * 30.44))
    visible = Release.objects.visible_to(actor)
    if component:
        visible = visible.filter(component__slug=component)
    publications = Publication.objects.filter(release__in=visible).select_related("release__component")
    by_component: dict[Component, list[Publication]] = {}
    for publication in publications.order_by("release__component__name", "at", "pk"):
        by_component.setdefault(publication.release.component, []).append(publication)
    rollouts: dict[tuple[int, str], list[Rollout]] = {}
    found = Rollout.objects.filter(release__in=visible).visible_to(actor).order_by("started_at", "pk")
    for rollout in found.prefetch_related(Prefetch("groups", RolloutGroup.objects.order_by("number"))):
        rollouts.setdefault((rollout.release_id, rollout.channel), []).append(rollout)
    lines = []
    for known, its in by_component.items():
        outs = [_out(one, rollouts.get((one.release_id, one.channel), []), end) for one in its]
        picture = draw(outs, channels=Channel.values, start=start, end=end)
        if any(lane.boxes for lane in picture.lanes):
            shown = [out for out in reversed(outs) if (out.end or end) > start][:40]
            lines.append(Line(known, picture, shown))
    return lines


def _out(publication: Publication, rollouts: list[Rollout], end: datetime) -> Out:
    release = publication.release
    title = _("%(version)s on “%(channel)s” since %(when)s") % {
        "version": release.version,
        "channel": Channel(publication.channel).label,
        "when": wording.exact(publication.at),
    }
    if release.withdrawn_at:
        title = _("%(title)s, withdrawn") % {"title": title}
    phases = tuple(phase for rollout in rollouts for phase in _phases(rollout, end))
    url = release.get_absolute_url()
    return Out(release.version, title, url, publication.channel, publication.at, release.withdrawn_at, phases)


def _phases(rollout: Rollout, end: datetime) -> list[Phase]:
    begun = [(group.number, group.begun_at) for group in rollout.groups.all() if group.begun_at]
    over = rollout.ended_at or end
    phases = []
    for place, (number, begin) in enumerate(begun):
        last = place + 1 == len(begun)
        until = over if last else begun[place + 1][1]
        state = rollout.state if last and rollout.state in ("paused", "aborted", "running") else "done"
        title = _("Group %(number)s since %(when)s (%(state)s)") % {
            "number": number,
            "when": wording.exact(begin),
            "state": rollout.get_state_display() if last else _("through"),
        }
        phases.append(Phase(number, begin, until, state, title))
    return phases
