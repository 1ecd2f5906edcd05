"""Finds faults that came back: by the ancestry of the build that the new report names, never by version or date."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from foundation.accounts.actors import SYSTEM
from foundation.kit.errors import DomainError
from frontline_feedback.models import Outcome, Ticket
from releases.builds import build_of
from releases.models import Release
from rnd.engineering.models import TaskTicket
from rnd.loop.actions.note_regression import note_regression
from rnd.loop.fixes import fix_in


def look_for_regressions(report: Ticket) -> list[Ticket]:
    """Reopen the fixed tickets that this report shows to be back; gives them.

    Those are the ticket that it was merged into, and the earlier ones that a task of its own had fixed.
    """
    release = seen_on(report)
    found = []
    for earlier in _earlier(report) if release else []:
        assert release is not None
        answer = fix_in(earlier, release)
        if answer.holds and note_regression(ticket=earlier, report=report, release=release, evidence=answer.reason):
            found.append(earlier)
    return found


def seen_on(report: Ticket) -> Release | None:
    """Give the release that the fault was seen on: the one it names, or the one its version text leads to."""
    if report.release is not None:
        return report.release
    try:
        return build_of(SYSTEM, report.component, report.version_text).release
    except DomainError:
        return None


def _earlier(report: Ticket) -> Iterator[Ticket]:
    fixed = Ticket.objects.filter(outcome=Outcome.FIXED).exclude(pk=report.pk)
    tasks = TaskTicket.objects.filter(ticket=report.pk).values("task")
    same_work = Q(task_links__task__in=tasks, pk__lt=report.pk)
    yield from fixed.filter(Q(pk=report.canonical_id or 0) | same_work).distinct().order_by("pk")
