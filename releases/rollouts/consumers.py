"""What this room does when the journal says so: answers of teams, the end of a rollout, warnings."""

from foundation.accounts.actors import SYSTEM
from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from releases.models import Release
from releases.rollouts.actions.end_withdrawn_rollout import end_withdrawn_rollout
from releases.rollouts.actions.note_result import note_result
from releases.rollouts.actions.warn_teams import warn_teams


@consumer("rollouts.note_installations", kinds=["installation.reported"])
def note_installation(entry: Entry) -> None:
    """Count the team as one that runs it; where the release was withdrawn meanwhile, warn it."""
    note_result(actor=SYSTEM, release_id=entry.subject_id, team_id=entry.data["team_id"], known_at=entry.recorded_at)
    release = Release.objects.get(pk=entry.subject_id)
    if release.state == Release.State.WITHDRAWN:
        warn_teams(actor=SYSTEM, release=release)


@consumer("rollouts.follow_withdrawals", kinds=["release.withdrawn"])
def follow_withdrawal(entry: Entry) -> None:
    """End the rollout of a withdrawn release, and warn every team that runs it."""
    release = Release.objects.get(pk=entry.subject_id)
    end_withdrawn_rollout(actor=SYSTEM, release=release)
    warn_teams(actor=SYSTEM, release=release)
