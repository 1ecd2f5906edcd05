"""Reads the whole database into plain values, table by table, as it stands."""

from __future__ import annotations

from django.db.models import QuerySet

from foundation.accounts.models import Team
from foundation.catalogue.models import Component, Platform, Programme
from foundation.journal.models import Entry as Row
from foundation.kit import clock
from frontline_feedback.models import Ticket
from releases.models import Commit, Holding, Installation, Publication, Release, Subscription
from rnd.cycles.models import Baseline, ImportedCase, ServiceLevel
from tests.cycles.slow.plain import Case, Entry, Named, Shipped, World, us


def read() -> World:
    """Give the world as it is now."""
    return World(
        now=us(clock.now()),
        programmes={one.pk: Named(one.pk, one.slug, one.name, zone=one.time_zone) for one in Programme.objects.all()},
        components={one.pk: Named(one.pk, one.slug, one.name, one.programme_id) for one in Component.objects.all()},
        platforms={one.pk: Named(one.pk, one.slug, one.name, one.programme_id) for one in Platform.objects.all()},
        teams={one.pk: Named(one.pk, one.slug, one.name) for one in Team.objects.all()},
        titles={pk: (title, of) for pk, title, of in Ticket.objects.values_list("pk", "title", "programme")},
        reporters=dict(Ticket.objects.values_list("pk", "team")),
        ticket_entries=_entries(Row.objects.filter(subject_type="ticket")),
        task_entries=_entries(Row.objects.filter(subject_type="task")),
        releases=_releases(),
        committed={commit.pk: us(commit.committed_at) for commit in Commit.objects.all()},
        published=[(one.release_id, us(one.at)) for one in Publication.objects.all()],
        installed=[(one.release_id, one.team_id, us(one.installed_at)) for one in Installation.objects.all()],
        subscribed=list(Subscription.objects.values_list("component", "team")),
        levels=list(
            ServiceLevel.objects.order_by("pk").values_list("programme", "severity", "percent", "days")
        ),
        baselines=list(Baseline.objects.order_by("pk").values_list("programme", "first", "last", "source")),
        cases=[
            Case(one.programme_id, one.source, us(one.finished_at) if one.finished_at else None, one.total_us,
                 one.stages_us)
            for one in ImportedCase.objects.all()
        ],
    )  # fmt: skip


def _entries(rows: QuerySet[Row]) -> list[Entry]:
    return [
        Entry(row.id, row.subject_id, row.kind, us(row.occurred_at), us(row.recorded_at), row.data)
        for row in rows.order_by("id")
    ]


def _releases() -> dict[int, Shipped]:
    classes: dict[int, set[int]] = {}
    for held, release in Holding.objects.values_list("contentclass", "release"):
        classes.setdefault(release, set()).add(held)
    of_class: dict[int | None, set[int]] = {}
    for commit, held in Commit.objects.values_list("pk", "content_class"):
        of_class.setdefault(held, set()).add(commit)
    found = {}
    for one in Release.objects.all():
        holds = {commit for held in classes.get(one.pk, set()) for commit in of_class.get(held, set())}
        withdrawn = us(one.withdrawn_at) if one.withdrawn_at else None
        found[one.pk] = Shipped(
            one.pk, one.component_id, one.version, one.sequence, withdrawn, one.imported, one.commit_id,
            frozenset(holds),
        )  # fmt: skip
    return found
