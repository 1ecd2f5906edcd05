"""Note what is known of a team from elsewhere: it reported the installation, or judged a fix that came with it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from foundation.accounts.actors import SYSTEM, Actor
from releases.rollouts.actions.answer_rollout import write_answer
from releases.rollouts.actions.step_rollout import step_rollout
from releases.rollouts.locking import locked_rollout
from releases.rollouts.models import RolloutTeam

_ANSWER = RolloutTeam.Answer


@transaction.atomic
def note_result(
    *, actor: Actor, release_id: int, team_id: int, known_at: datetime, worse: bool = False, note: str = ""
) -> bool:
    """Tell the release's living rollouts that the team runs it, or (`worse`) that it made things worse there.

    An installation overrules what was known before it (`known_at`: failed at the first try, unreachable), but never
    "worse", and nothing that was said after it. Gives whether anything changed. Idempotent.
    """
    rows = RolloutTeam.objects.filter(
        team=team_id,
        rollout__release=release_id,
        rollout__state__in=["running", "paused"],
        group__begun_at__isnull=False,
    ).select_related("rollout__release__component")
    changed = False
    for found in rows:
        rollout = locked_rollout(found.rollout)
        actor.require("rollout.mark", programme_id=rollout.release.component.programme_id)
        row = rollout.teams.select_related("team", "group").get(pk=found.pk)
        answer = _ANSWER.WORSE if worse else _ANSWER.INSTALLED
        said_later = row.answered_at is not None and row.answered_at > known_at
        settled = row.answer == _ANSWER.WORSE or (not worse and (row.answer == _ANSWER.INSTALLED or said_later))
        if rollout.is_live and not settled:
            write_answer(rollout, row, answer, actor=actor, note=note)
            step_rollout(actor=SYSTEM, rollout=rollout)
            changed = True
    return changed
