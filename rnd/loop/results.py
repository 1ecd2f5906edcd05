"""Carries what teams say of a fix to the rollout that brought it: "worse" may pause it."""

from __future__ import annotations

from datetime import datetime

from foundation.accounts.actors import SYSTEM
from frontline_feedback.models import Verdict
from releases.models import Installation
from releases.rollouts.actions.note_result import note_result


def tell_rollouts(verdict_id: int, *, known_at: datetime) -> None:
    """Tell the rollouts of the judged release, and of what the team really runs, how it went there. Idempotent.

    Whoever judges runs it; "not fixed" says that the fix does not hold, and nothing against the release.
    """
    verdict = Verdict.objects.select_related("ticket", "release").get(pk=verdict_id)
    if verdict.outcome == Verdict.Outcome.COULD_NOT_TEST:
        return
    worse = verdict.outcome == Verdict.Outcome.WORSE
    team_id = verdict.ticket.team_id
    running = (
        Installation.objects.filter(
            team=team_id, release__component=verdict.release.component_id, installed_at__lte=verdict.given_at
        )
        .order_by("-installed_at", "-pk")
        .values_list("release_id", flat=True)
        .first()
    )
    note = f"{verdict.ticket.key}: {verdict.note}".removesuffix(": ") if worse else ""
    for release_id in {verdict.release_id, running or verdict.release_id}:
        note_result(
            actor=SYSTEM, release_id=release_id, team_id=team_id, known_at=known_at, worse=worse, note=note[:2000]
        )
