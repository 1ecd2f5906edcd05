"""What a release means for tickets: what it fixes, what it does not although it seems to, what came back, who waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from frontline_feedback.models import Outcome, Ticket, Verdict
from frontline_feedback.querysets import TicketQuerySet
from releases.contents import corrections_in, in_effect, releases_holding
from releases.models import Commit, Correction, Installation, Release
from releases.news import new_in, released_ancestors
from rnd.engineering.models import Task, TaskCommit
from rnd.loop.fixes import Work, ways_of, works_on
from rnd.loop.models import Regression, Statement

ELSEWHERE_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Fix:
    """A ticket that a release serves or seems to serve; `why` says what is missing."""

    ticket: Ticket
    tasks: list[Task]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """A ticket whose fault was seen in this release all the same: a verdict, or a report from this build."""

    ticket: Ticket
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A team, and those of its tickets that this release would help."""

    team: str
    tickets: list[Ticket]


@dataclass(frozen=True, slots=True)
class Bringing:
    """All that a release means for the tickets that one may see."""

    fixes: list[Fix]
    not_fixed: list[Fix]
    elsewhere: list[Fix]
    came_back: list[Back]
    waiting: list[Waiting]


def bringing(actor: Actor, release: Release) -> Bringing:
    """Give what `release` means for the visible tickets; some twenty queries, however many tickets there are."""
    sight = Ticket.objects.visible_to(actor)
    sees_tasks = actor.may("task.see", programme_id=release.component.programme_id)
    touched = _touched(sight, release)
    elsewhere = _fixed_elsewhere(sight, release, besides={ticket.pk for ticket in touched})
    tickets = [*touched, *elsewhere]
    works = works_on(tickets)
    ways = ways_of(works, tickets=tickets)
    holding = {ticket.pk: ways[ticket.pk].get(release.component_id, frozenset()) for ticket in tickets}
    before = set(released_ancestors(release).values_list("pk", flat=True))
    reasons = _Reasons(release, [item for work in works.values() for item in work])
    fixes: list[Fix] = []
    not_fixed: list[Fix] = []
    other: list[Fix] = []
    for ticket in tickets:
        work = [item for item in works[ticket.pk] if item.task.component_id == release.component_id]
        tasks = [item.task for item in work] if sees_tasks else []
        why = _open(work) if release.pk in holding[ticket.pk] else reasons.of(work)
        if why:
            (not_fixed if ticket in touched else other).append(Fix(ticket, tasks, why))
        elif not holding[ticket.pk] & before:
            fixes.append(Fix(ticket, tasks))
    return Bringing(
        fixes=fixes,
        not_fixed=not_fixed,
        elsewhere=other,
        came_back=_came_back(sight, release),
        waiting=_waiting(sight, [fix.ticket for fix in fixes], holding),
    )


def _touched(sight: TicketQuerySet[Ticket], release: Release) -> list[Ticket]:
    """Give the tickets with a commit new in the release, taken back or brought again in it, and those stated."""
    fresh = TaskCommit.objects.filter(task__component=release.component_id, commit__in=new_in(release))
    changed = Correction.objects.filter(release=release).values("commit")
    tasks = fresh.values("task").union(TaskCommit.objects.filter(commit__in=changed).values("task"))
    task_ids = {row["task"] for row in tasks}
    stated = Statement.objects.filter(release=release).values("ticket")
    found = sight.filter(Q(task_links__task__in=task_ids) | Q(pk__in=stated)).distinct()
    return list(found.select_related("team").order_by("severity", "pk"))


def _fixed_elsewhere(sight: TicketQuerySet[Ticket], release: Release, *, besides: set[int]) -> list[Ticket]:
    """Give tickets that are called fixed, by work in this component that is not in this release."""
    missing = TaskCommit.objects.filter(
        task__ticket_links__ticket=OuterRef("pk"), task__component=release.component_id
    ).exclude(commit__in=Commit.objects.filter(in_effect(release)))
    found = sight.filter(Exists(missing), outcome=Outcome.FIXED).exclude(pk__in=besides)
    return list(found.select_related("team").order_by("severity", "-pk")[:ELSEWHERE_SHOWN])


def _open(work: list[Work]) -> str:
    open_ = next((item.task for item in work if item.task.is_open), None)
    if open_ is None:
        return ""
    return _("%(task)s is not done: it is in “%(stage)s”.") % {"task": open_.key, "stage": open_.get_stage_display()}


class _Reasons:
    """Says in one sentence why a release does not hold some work; asks for all of it at once."""

    def __init__(self, release: Release, work: Iterable[Work]) -> None:
        commits = {commit.pk: commit for item in work for commit in item.commits}
        self._held = releases_holding(commits) if commits else {}
        self._corrections = corrections_in(release, commits.values()) if commits else {}
        self._release = release

    def of(self, work: list[Work]) -> str:
        """Give the sentence; one is given whatever is missing."""
        if reason := _open(work):
            return reason
        commits = [commit for item in work for commit in item.commits]
        missing = [commit for commit in commits if self._release.pk not in self._held[commit.pk]]
        for commit in missing:
            correction = self._corrections.get(commit.pk)
            if correction is not None and correction.by is not None:
                values = {"revert": correction.by.sha[:10], "subject": correction.by.subject, "sha": commit.sha[:10]}
                return _("%(revert)s took %(sha)s back: “%(subject)s”.") % values
        if not commits:
            return _("No commit shows where the fix went.")
        if len(missing) == len(commits):
            return _("None of its commits is in this release.")
        return ngettext(
            "%(count)s of its commits is not in this release.",
            "%(count)s of its commits are not in this release.",
            len(missing),
        ) % {"count": len(missing)}


def _came_back(sight: TicketQuerySet[Ticket], release: Release) -> list[Back]:
    verdicts = Verdict.objects.filter(
        release=release, outcome__in=[Verdict.Outcome.NOT_FIXED, Verdict.Outcome.WORSE], ticket__in=sight
    )
    found = [
        Back(
            verdict.ticket,
            _("The team says: %(verdict)s.") % {"verdict": verdict.get_outcome_display()},
            verdict.given_at,
        )
        for verdict in verdicts.select_related("ticket")
    ]
    regressions = Regression.objects.filter(release=release, ticket__in=sight).select_related("ticket")
    found += [
        Back(
            one.ticket,
            _("%(report)s reports it from this build. %(evidence)s")
            % {"report": f"FB-{one.report_id}", "evidence": one.evidence},
            one.found_at,
        )
        for one in regressions
    ]
    return sorted(found, key=lambda back: back.at, reverse=True)


def _waiting(sight: TicketQuerySet[Ticket], fixed: list[Ticket], holding: dict[int, frozenset[int]]) -> list[Waiting]:
    """Give the teams that have not installed any release with the fix of a ticket of theirs, or of its duplicates."""
    said = Verdict.objects.filter(ticket=OuterRef("pk"), outcome=Verdict.Outcome.FIXED)
    canonical = {ticket.pk for ticket in fixed}
    tickets = (
        sight.filter(Q(pk__in=canonical) | Q(canonical__in=canonical))
        .filter(Q(state=Ticket.State.ACCEPTED) | Q(canonical__isnull=False), ~Exists(said))
        .select_related("team")
        .order_by("team__name", "pk")
    )
    installed = set(
        Installation.objects.filter(release__in=set().union(*(holding[pk] for pk in canonical))).values_list(
            "team_id", "release_id"
        )
    )
    teams: dict[str, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        releases = holding[ticket.canonical_id or ticket.pk]
        if not any((ticket.team_id, pk) in installed for pk in releases):
            teams[ticket.team.name].append(ticket)
    return [Waiting(team, found) for team, found in teams.items()]
