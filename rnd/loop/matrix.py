"""The traceability matrix: ticket × task × commit × release × installation × verdict, in rows, piece by piece."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from frontline_feedback.models import Offer, Ticket, Verdict
from releases.contents import first_releases, releases_holding
from releases.models import Commit, Installation, Release
from rnd.engineering.models import Task, TaskCommit, TaskTicket
from rnd.loop.fixes import Work, works_on

CHUNK: Final = 200
GAPS: Final = (
    ("task", _("no task")),
    ("commit", _("no commit")),
    ("release", _("in no release")),
    ("installation", _("not installed")),
    ("verdict", _("no verdict")),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the matrix is narrowed to; empty strings and None for all."""

    component: str = ""
    version: str = ""
    team: int | None = None
    severity: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One way from a ticket to a verdict, as far as it goes."""

    ticket: Ticket
    task: Task | None = None
    commit: Commit | None = None
    strength: str = ""
    release: Release | None = None
    installation: Installation | None = None
    verdict: Verdict | None = None

    @property
    def gap(self) -> str:
        """Name the first link that is missing; empty where the whole way is there."""
        return next((name for name, _label in GAPS if getattr(self, name) is None), "")


def tickets_of(actor: Actor, filters: Filters) -> QuerySet[Ticket]:
    """Give the visible tickets that the filters leave, newest first. Gaps are looked for row by row."""
    found = Ticket.objects.visible_to(actor)
    if filters.component:
        found = found.filter(component__slug=filters.component)
    if filters.team is not None:
        found = found.filter(team=filters.team)
    if filters.severity:
        found = found.filter(severity=filters.severity)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.since is not None:
        found = found.filter(received_at__gte=filters.since)
    if filters.until is not None:
        found = found.filter(received_at__lt=filters.until)
    if filters.gap == "task":
        found = found.exclude(Exists(TaskTicket.objects.filter(ticket=OuterRef("pk"))), canonical=None)
    return found.select_related("team", "component").order_by("-pk")


def rows_of(actor: Actor, tickets: Sequence[Ticket], filters: Filters) -> list[Row]:
    """Give the rows of these tickets; some fifteen queries for any number of them."""
    visible = [t for t in tickets if actor.may("task.see", programme_id=t.programme_id)]
    works = works_on(visible)
    links = _strengths(works)
    commits = {commit.pk for work in works.values() for item in work for commit in item.commits}
    held = releases_holding(commits) if commits else {}
    first = first_releases(commits) if commits else {}
    own = _OwnReleases(tickets)
    seen = _visible_releases(actor, [first.values(), *(own.of(ticket) for ticket in tickets)])
    rows: list[Row] = []
    for ticket in tickets:
        mine = own.of(ticket)
        for item in works.get(ticket.pk, []):
            for commit in item.commits:
                wanted = {r.pk: r for r in mine if r.pk in held[commit.pk]}
                # Until the team has one of its own, the first release with it shows how far it came.
                if not wanted and commit.pk in first:
                    wanted[first[commit.pk].pk] = first[commit.pk]
                base = Row(ticket, item.task, commit, links.get((item.task.pk, commit.pk), ""))
                rows += own.ended(base, [wanted[pk] for pk in sorted(wanted) if pk in seen])
            if not item.commits:
                rows += own.ended(Row(ticket, item.task), [r for r in mine if r.pk in seen])
        if not works.get(ticket.pk):
            rows += own.ended(Row(ticket), [r for r in mine if r.pk in seen])
    return [row for row in rows if _wanted(row, filters)]


def all_rows(actor: Actor, filters: Filters) -> Iterator[Row]:
    """Give every row, some hundred tickets at a time, so that neither memory nor a transaction grows with them."""
    last: int | None = None
    while True:
        found = tickets_of(actor, filters)
        chunk = list((found if last is None else found.filter(pk__lt=last))[:CHUNK])
        if not chunk:
            return
        yield from rows_of(actor, chunk, filters)
        last = chunk[-1].pk


def _wanted(row: Row, filters: Filters) -> bool:
    if filters.version and (row.release is None or row.release.version != filters.version):
        return False
    return not filters.gap or row.gap == filters.gap


def _strengths(works: Mapping[int, list[Work]]) -> dict[tuple[int, int], str]:
    tasks = {item.task.pk for work in works.values() for item in work}
    found = TaskCommit.objects.filter(task__in=tasks).values_list("task_id", "commit_id", "strength")
    return {(task, commit): strength for task, commit, strength in found}


def _visible_releases(actor: Actor, groups: Iterable[Iterable[Release]]) -> set[int]:
    wanted = {release.pk for group in groups for release in group}
    return set(Release.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))


class _OwnReleases:
    """What a ticket's team did: the releases that it was offered, installed or gave a verdict on."""

    def __init__(self, tickets: Sequence[Ticket]) -> None:
        self._installed: dict[tuple[int, int], Installation] = {}
        self._verdicts: dict[tuple[int, int], Verdict] = {}
        self._releases: dict[int, dict[int, Release]] = defaultdict(dict)
        for offer in Offer.objects.filter(ticket__in=tickets).select_related("release__component"):
            self._releases[offer.ticket_id][offer.release_id] = offer.release
        given = Verdict.objects.filter(ticket__in=tickets).select_related("release__component").order_by("given_at")
        for verdict in given:
            self._verdicts[verdict.ticket_id, verdict.release_id] = verdict
            self._releases[verdict.ticket_id][verdict.release_id] = verdict.release
        teams = {ticket.team_id for ticket in tickets}
        releases = {pk for found in self._releases.values() for pk in found}
        installed = Installation.objects.filter(team__in=teams, release__in=releases).select_related("hardware")
        for installation in installed.order_by("-installed_at"):
            self._installed[installation.team_id, installation.release_id] = installation

    def of(self, ticket: Ticket) -> list[Release]:
        """Give the team's releases for this ticket."""
        return list(self._releases[ticket.pk].values())

    def ended(self, base: Row, releases: Sequence[Release]) -> list[Row]:
        """Give the row continued through each release; itself where there is none."""
        return [
            Row(
                base.ticket,
                base.task,
                base.commit,
                base.strength,
                release,
                self._installed.get((base.ticket.team_id, release.pk)),
                self._verdicts.get((base.ticket.pk, release.pk)),
            )
            for release in releases
        ] or [base]
