"""A rollout as pages show it: its groups with their figures, and what happens next in one sentence. No queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from foundation.kit import clock
from releases.rollouts.course import course_of
from releases.rollouts.machine import Begin, Course, Pause, Step, Tally, Wait, Why, step
from releases.rollouts.models import Rollout, RolloutGroup


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its figures. `state`: done, current or coming."""

    group: RolloutGroup
    tally: Tally
    state: str


@dataclass(frozen=True, slots=True)
class RolloutView:
    """A rollout as a page shows it."""

    rollout: Rollout
    course: Course
    due: Step
    groups: list[GroupView]

    @property
    def waits_for(self) -> str:
        """What it waits for: a value of `Why`, or "" where something is due this minute."""
        return self.due.why.value if isinstance(self.due, Wait) else ""

    @property
    def waits_until(self) -> datetime | None:
        """The end of the soak time, where that is what it waits for."""
        return self.due.until if isinstance(self.due, Wait) else None

    @property
    def says(self) -> str:
        """One sentence: what happens next, and what for that is missing."""
        return sentence_of(self)

    @property
    def needs_reason(self) -> bool:
        """Whether going on by hand needs a reason."""
        return self.waits_for in (Why.SOAK, Why.SUCCESS)

    @property
    def tally(self) -> Tally:
        """The figures of all groups that have begun."""
        return _sum([view.tally for view in self.groups if view.state != "coming"])

    @property
    def teams(self) -> int:
        """How many teams stand in its groups."""
        return sum(view.tally.teams for view in self.groups)

    @property
    def installed(self) -> int:
        """How many of them run it."""
        return sum(view.tally.installed for view in self.groups)


def view_of(rollout: Rollout) -> RolloutView:
    """Put together what is shown of a rollout that came from `with_all`. No query."""
    course = course_of(rollout)
    current = course.current
    views = []
    for group, figures in zip(rollout.groups.all(), course.groups, strict=True):
        here = current is not None and current.number == group.number and rollout.is_live
        state = "current" if here else "done" if group.begun_at else "coming"
        views.append(GroupView(group, figures.tally, state))
    return RolloutView(rollout, course, step(course, clock.now()), views)


def sentence_of(view: RolloutView) -> str:
    """Say what happens next with a rollout, in one sentence."""
    if isinstance(view.due, Wait):
        return _waiting(view, view.due.why)
    if isinstance(view.due, Begin):
        return _("Group %(number)s begins within a minute.") % {"number": view.due.number}
    return _("It pauses within a minute.") if isinstance(view.due, Pause) else _("It is complete within a minute.")


def _waiting(view: RolloutView, why: Why) -> str:
    current, following = view.course.current, view.course.following
    values = {
        "reason": view.rollout.why,
        "share": current.tally.success_share if current else 0,
        "least": view.rollout.success_percent,
        "number": following.number if following else 0,
    }
    words = {
        Why.OVER: "%(reason)s",
        Why.PAUSED: _("Paused: %(reason)s"),
        Why.SOAK: _("Watches the current group; its soak time is not over."),
        Why.SUCCESS: _("Waits for the current group: %(share)s %% run it, %(least)s %% have to."),
        Why.GATE: _("Group %(number)s has a gate: a person lets it begin."),
    }
    return words[why] % values


def _sum(tallies: list[Tally]) -> Tally:
    names = ("waiting", "installed", "failed", "worse", "unreachable", "skipped", "fresh_errors", "fresh_worse")
    return Tally(**{name: sum(getattr(one, name) for one in tallies) for name in names})
