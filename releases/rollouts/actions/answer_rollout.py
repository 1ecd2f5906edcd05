"""Say what came back from a team: it runs it, it failed, it is worse; or it cannot be reached, or is left out."""

from __future__ import annotations

from typing import Literal, cast

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import SYSTEM, Actor
from foundation.accounts.models import Team
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid, NotFound
from releases.rollouts.actions.step_rollout import step_rollout
from releases.rollouts.kinds import RolloutTeamAnswered
from releases.rollouts.locking import locked_rollout
from releases.rollouts.models import Rollout, RolloutTeam

# What the team itself can know; the rest is a release manager's to say.
OWN = frozenset({RolloutTeam.Answer.FAILED, RolloutTeam.Answer.WORSE})
NEEDS_NOTE = frozenset({RolloutTeam.Answer.FAILED, RolloutTeam.Answer.WORSE, RolloutTeam.Answer.SKIPPED})
LONGEST = 2000


@transaction.atomic
def answer_rollout(*, actor: Actor, rollout: Rollout, team: Team, answer: str, note: str = "") -> RolloutTeam:
    """Note the team's answer, and let the rollout pause at once where that is one failure too many.

    A team says `failed` and `worse` for itself; a release manager says anything of any team. That it is installed is
    told by reporting the installation. Raises NotFound `rollout.team_not_asked`, Invalid `rollout.answer_unknown`,
    `rollout.note_missing` or `rollout.note_too_long`, Conflict `rollout.not_live` or `rollout.group_not_begun`.
    """
    rollout = locked_rollout(rollout)
    row = rollout.teams.select_related("group", "team").filter(team=team).first()
    if row is None:
        raise NotFound(
            "rollout.team_not_asked",
            _("%(team)s stands in no group of the rollout of %(rollout)s.") % {"team": team, "rollout": rollout},
        )
    if answer not in RolloutTeam.Answer.values:
        raise Invalid(
            "rollout.answer_unknown",
            _("“%(answer)s” is no answer. It is one of: %(known)s.")
            % {"answer": answer, "known": ", ".join(RolloutTeam.Answer.values)},
            field="answer",
        )
    said = RolloutTeam.Answer(answer)
    programme = rollout.release.component.programme_id
    if said in OWN and not actor.may("rollout.mark", programme_id=programme):
        actor.require("rollout.answer", programme_id=programme, team_id=team.pk)
    else:
        actor.require("rollout.mark", programme_id=programme)
    note = _checked(note, said)
    _check_state(rollout, row, said)
    if (row.answer, row.note) != (said, note):
        write_answer(rollout, row, said, actor=actor, note=note)
        step_rollout(actor=SYSTEM, rollout=rollout)
    return row


def write_answer(rollout: Rollout, row: RolloutTeam, answer: RolloutTeam.Answer, *, actor: Actor, note: str) -> None:
    """Store the answer, with its entry in the journal."""
    row.answer, row.note, row.answered_at, row.excused = answer, note, clock.now(), False
    row.save(update_fields=["answer", "note", "answered_at", "excused"])
    known = cast(Literal["waiting", "installed", "failed", "worse", "unreachable", "skipped"], answer.value)
    record(
        RolloutTeamAnswered(team_id=row.team_id, team=row.team.name, answer=known, note=note),
        subject=rollout,
        actor=actor,
        team_id=row.team_id,
    )


def _checked(note: str, answer: RolloutTeam.Answer) -> str:
    note = note.replace("\x00", "").strip()
    if len(note) > LONGEST:
        raise Invalid(
            "rollout.note_too_long",
            _("The note has %(count)s characters; at most %(most)s are taken.") % {"count": len(note), "most": LONGEST},
            field="note",
        )
    if not note and answer in NEEDS_NOTE:
        raise Invalid("rollout.note_missing", _("Say in a few words what happened, or why."), field="note")
    return note


def _check_state(rollout: Rollout, row: RolloutTeam, answer: RolloutTeam.Answer) -> None:
    if not rollout.is_live:
        raise Conflict(
            "rollout.not_live",
            _("The rollout of %(rollout)s is over (“%(state)s”); its answers stay as they are.")
            % {"rollout": rollout, "state": rollout.get_state_display()},
        )
    # Who cannot be reached, or shall be left out, may be known beforehand.
    before = (RolloutTeam.Answer.WAITING, RolloutTeam.Answer.UNREACHABLE, RolloutTeam.Answer.SKIPPED)
    if row.group.begun_at is None and answer not in before:
        raise Conflict(
            "rollout.group_not_begun",
            _("%(team)s is in group %(number)s, which has not begun: it was not asked yet.")
            % {"team": row.team, "number": row.group.number},
        )
