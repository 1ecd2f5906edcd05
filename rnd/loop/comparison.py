"""Two releases side by side: the commits, tasks and tickets that only one of them has, whatever lies between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit.errors import Invalid
from frontline_feedback.models import Ticket
from releases.contents import newest_first, only_in, releases_that_follow
from releases.models import Commit, Release
from rnd.engineering.models import Task
from rnd.loop.fixes import ways_of, works_on

COMMITS_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Side:
    """What one release has and the other has not; commits and tasks only as far as the reader may see them."""

    release: Release
    commits: list[Commit]
    commits_count: int
    tasks: list[Task]
    tickets: list[Ticket]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, and how the two stand to each other."""

    one: Side
    other: Side
    relation: str

    @property
    def sentence(self) -> str:
        """Say how the two stand to each other."""
        names = {"one": self.one.release.version, "other": self.other.release.version}
        match self.relation:
            case "same":
                return _("%(one)s and %(other)s are the same commit.") % names
            case "before":
                return _("%(other)s descends from %(one)s.") % names
            case "after":
                return _("%(one)s descends from %(other)s.") % names
            case _:
                return _("Neither descends from the other: their lines have parted.") % names


def compare(actor: Actor, one: Release, other: Release) -> Comparison:
    """Compare two releases of one component; raises Invalid `comparison.other_component`. Some twenty queries."""
    if one.component_id != other.component_id:
        raise Invalid(
            "comparison.other_component",
            _("%(one)s and %(other)s are releases of different components.") % {"one": one, "other": other},
        )
    return Comparison(_side(actor, one, other), _side(actor, other, one), _relation(one, other))


def _relation(one: Release, other: Release) -> str:
    follow = releases_that_follow([one.pk, other.pk])
    match other.pk in follow[one.pk], one.pk in follow[other.pk]:
        case True, True:
            return "same"
        case True, False:
            return "before"
        case False, True:
            return "after"
        case _:
            return "parted"


def _side(actor: Actor, release: Release, other: Release) -> Side:
    commits = only_in(release, other)
    seen = commits.filter(pk__in=Commit.objects.visible_to(actor).values("pk"))
    tasks = list(
        Task.objects.filter(component=release.component_id, commits__in=commits).distinct().order_by("pk")[:1000]
    )
    tickets = list(
        Ticket.objects.visible_to(actor)
        .filter(task_links__task__in=tasks)
        .distinct()
        .select_related("team")
        .order_by("severity", "pk")
    )
    ways = ways_of(works_on(tickets), tickets=tickets)
    whole = [
        ticket
        for ticket in tickets
        for releases in [ways[ticket.pk].get(release.component_id, frozenset())]
        if release.pk in releases and other.pk not in releases
    ]
    sees_tasks = actor.may("task.see", programme_id=release.component.programme_id)
    return Side(
        release=release,
        commits=list(newest_first(seen)[:COMMITS_SHOWN]),
        commits_count=seen.count(),
        tasks=tasks if sees_tasks else [],
        tickets=whole,
    )
