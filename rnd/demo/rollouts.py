"""Henrik's rollouts in the demo's year: to one team first, then to the rest; two of them stop because it got worse."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from releases.models import Channel, Publication, Release
from releases.rollouts.actions.advance_rollout import advance_rollout
from releases.rollouts.actions.answer_rollout import answer_rollout
from releases.rollouts.actions.resume_rollout import resume_rollout
from releases.rollouts.actions.start_rollout import GroupPlan, start_rollout
from releases.rollouts.actions.step_rollout import step_rollout
from releases.rollouts.eligible import eligible_teams
from releases.rollouts.machine import Wait, Why
from releases.rollouts.models import Rollout

if TYPE_CHECKING:
    from rnd.demo.year import Year

COMPONENTS: Final = frozenset({"radio", "autopilot"})
FIRST_AFTER: Final = timedelta(days=20)
ALARM_AFTER: Final = timedelta(days=120)
# The last one that stops is still paused when the newcomer looks.
LAST_WEEKS: Final = timedelta(days=25)
WORSE: Final = "Після оновлення апарат втрачає висоту на розвороті."


class Rollouts:
    """What the release manager does from the day he does not trust a whole fleet at once any more."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.alarms = 0

    def takes(self, release: Release) -> bool:
        """Tell whether this release goes to the fleet by a rollout."""
        calendar = self.year.calendar
        return release.component.slug in COMPONENTS and calendar.now - calendar.start > FIRST_AFTER

    def start(self, release: Release) -> None:
        """Let the first team have it, and look at it every day from now on."""
        teams = list(eligible_teams(release, Channel.FLEET))
        if not teams:
            return
        users = self.year.world.users
        groups = [GroupPlan(teams[:1], soak_hours=48)]
        if len(teams) > 1:
            groups.append(GroupPlan(teams[1:], soak_hours=72, gate=release.component.slug == "autopilot"))
        rollout = start_rollout(
            actor=self.year.world.actors["henrik"],
            release=release,
            channel=Channel.FLEET,
            groups=groups,
            success_percent=60,
            tell=[users["kari"], users["henrik"]],
        )
        self._offered(rollout, 1)
        if self._goes_wrong():
            self.year.calendar.after(timedelta(days=2), lambda: self._worse(rollout), spread=0.1)
        self._look_again(rollout)

    def _goes_wrong(self) -> bool:
        calendar = self.year.calendar
        first = self.alarms == 0 and calendar.now - calendar.start > ALARM_AFTER
        last = self.alarms == 1 and calendar.end - calendar.now < LAST_WEEKS
        self.alarms += first or last
        return first or last

    def _look_again(self, rollout: Rollout) -> None:
        calendar = self.year.calendar
        calendar.plan(calendar.in_office(calendar.now + timedelta(days=1)), lambda: self._look(rollout))

    def _look(self, rollout: Rollout) -> None:
        rollout.refresh_from_db()
        if not rollout.is_live:
            return
        begun = self._begun(rollout)
        due = step_rollout(rollout=rollout)
        if isinstance(due, Wait) and due.why is Why.GATE:
            advance_rollout(actor=self.year.world.actors["henrik"], rollout=rollout)
        for number in range(begun + 1, self._begun(rollout) + 1):
            self._offered(rollout, number)
        self._look_again(rollout)

    def _begun(self, rollout: Rollout) -> int:
        return rollout.groups.filter(begun_at__isnull=False).count()

    def _offered(self, rollout: Rollout, number: int) -> None:
        """Let the house hear that a group has begun, and its teams install in their own time."""
        self.year.listen()
        publication = Publication.objects.select_related("release__component").get(
            release=rollout.release_id, channel=rollout.channel
        )
        for row in rollout.groups.get(number=number).teams.select_related("team").order_by("team_id"):
            self.year.front.offered(row.team.slug, publication)

    def _worse(self, rollout: Rollout) -> None:
        rollout.refresh_from_db()
        if not rollout.is_live:
            return
        row = rollout.teams.select_related("team").filter(group__number=1).earliest("pk")
        actor = self.year.front.actor(row.team.slug)
        answer_rollout(actor=actor, rollout=rollout, team=row.team, answer="worse", note=WORSE)
        self.year.listen()
        if self.alarms == 1:
            self.year.calendar.after(timedelta(days=3), lambda: self._resume(rollout), office=True)

    def _resume(self, rollout: Rollout) -> None:
        rollout.refresh_from_db()
        if rollout.state == Rollout.State.PAUSED:
            resume_rollout(
                actor=self.year.world.actors["henrik"],
                rollout=rollout,
                reason="A bent mast; the same firmware flies level on their other aircraft.",
            )
            self._advance(rollout)

    def _advance(self, rollout: Rollout) -> None:
        """Its first group cannot succeed any more: go on by hand, and say why."""
        number = self._begun(rollout) + 1
        advance_rollout(
            actor=self.year.world.actors["henrik"], rollout=rollout, reason="Flown level for two days on the spare."
        )
        if rollout.groups.filter(number=number).exists():
            self._offered(rollout, number)
