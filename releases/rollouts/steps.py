"""What the verbs share: how a rollout moves from one state to the next, with its entry in the journal."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from foundation.kit.transactions import require_transaction
from releases.models import Installation
from releases.rollouts.kinds import RolloutAborted, RolloutCompleted, RolloutGroupBegun, RolloutPaused
from releases.rollouts.machine import ALLOWED, State, Verb
from releases.rollouts.models import Rollout, RolloutTeam, Telling

Cause = Literal["person", "worse", "errors"]


def check_state(rollout: Rollout, verb: Verb) -> None:
    """Raise Conflict `rollout.not_possible` unless the verb fits the rollout's state."""
    if State(rollout.state) not in ALLOWED[verb]:
        words = {
            Verb.PAUSE: _("Only a running rollout can be paused."),
            Verb.RESUME: _("Only a paused rollout can be resumed."),
            Verb.ADVANCE: _("Only a running rollout can go on; resume it first where it is paused."),
            Verb.ABORT: _("Only a running or paused rollout can be aborted."),
        }
        raise Conflict(
            "rollout.not_possible",
            _("The rollout of %(rollout)s is “%(state)s”. %(right)s")
            % {"rollout": rollout, "state": rollout.get_state_display(), "right": words[verb]},
        )


def checked_reason(reason: str, *, needed: bool) -> str:
    """Give the reason without space around it; raises Invalid `rollout.reason_missing` where one is needed."""
    reason = reason.strip()
    if needed and not reason:
        raise Invalid(
            "rollout.reason_missing",
            _("Say why: those who look at the rollout later will want to know."),
            field="reason",
        )
    return reason


def begin_group(rollout: Rollout, number: int, *, actor: Actor, reason: str = "") -> None:
    """Let a group begin: its teams are offered the release from now on; who runs it already has answered."""
    require_transaction("begin_group()")
    group = rollout.groups.get(number=number)
    group.begun_at = clock.now()
    group.save(update_fields=["begun_at"])
    asked = list(group.teams.order_by("team_id"))
    running = dict(
        Installation.objects.filter(release=rollout.release_id, team__in=[row.team_id for row in asked])
        .order_by("-installed_at")
        .values_list("team_id", "installed_at")
    )
    for row in asked:
        if row.answer == RolloutTeam.Answer.WAITING and row.team_id in running:
            row.answer, row.answered_at = RolloutTeam.Answer.INSTALLED, running[row.team_id]
            row.save(update_fields=["answer", "answered_at"])
    release = rollout.release
    record(
        RolloutGroupBegun(
            release_id=release.pk,
            component_id=release.component_id,
            channel=str(rollout.channel),
            number=number,
            team_ids=[row.team_id for row in asked],
            reason=reason,
        ),
        subject=rollout,
        actor=actor,
    )


def pause(rollout: Rollout, *, actor: Actor, cause: Cause, reason: str) -> None:
    """Stop it where it is, and leave a note for everybody who has to hear of it."""
    _set(rollout, Rollout.State.PAUSED, reason)
    tell = sorted(rollout.tell.filter(is_active=True).values_list("pk", flat=True))
    entry = record(
        RolloutPaused(
            release_id=rollout.release_id,
            component_id=rollout.release.component_id,
            channel=str(rollout.channel),
            cause=cause,
            reason=reason,
            tell=tell,
        ),
        subject=rollout,
        actor=actor,
    )
    now = clock.now()
    Telling.objects.bulk_create(
        Telling(rollout=rollout, user_id=user, entry_id=entry.pk, reason=reason, at=now, next_mail_at=now)
        for user in tell
        if user != actor.user_id  # who paused it knows
    )


def abort(rollout: Rollout, *, actor: Actor, cause: Literal["person", "withdrawn"], reason: str) -> None:
    """End it before its end."""
    _set(rollout, Rollout.State.ABORTED, reason)
    record(
        RolloutAborted(
            release_id=rollout.release_id,
            component_id=rollout.release.component_id,
            channel=str(rollout.channel),
            cause=cause,
            reason=reason,
        ),
        subject=rollout,
        actor=actor,
    )


def complete(rollout: Rollout, *, actor: Actor, reason: str = "") -> None:
    """End it well: from now on everybody who receives the channel is offered the release."""
    _set(rollout, Rollout.State.COMPLETED, reason)
    record(
        RolloutCompleted(
            release_id=rollout.release_id,
            component_id=rollout.release.component_id,
            channel=str(rollout.channel),
            reason=reason,
        ),
        subject=rollout,
        actor=actor,
    )


def resume(rollout: Rollout, reason: str) -> None:
    """Let it run again; the errors so far are known to whoever resumes it."""
    _set(rollout, Rollout.State.RUNNING, reason)
    rollout.teams.filter(answer__in=["failed", "worse"]).update(excused=True)


def _set(rollout: Rollout, state: Rollout.State, reason: str) -> None:
    require_transaction("A change of a rollout")
    rollout.state, rollout.reason, rollout.state_since = state, reason, clock.now()
    if state not in (Rollout.State.RUNNING, Rollout.State.PAUSED):
        rollout.ended_at = rollout.state_since
    rollout.save(update_fields=["state", "reason", "state_since", "ended_at"])
