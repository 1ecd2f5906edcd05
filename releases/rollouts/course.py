"""Reads a rollout from the tables into what the machine decides by."""

from __future__ import annotations

from datetime import timedelta

from releases.rollouts.machine import Course, Group, State, tally
from releases.rollouts.models import Rollout


def course_of(rollout: Rollout) -> Course:
    """Give the rollout's course. Two queries, none where groups and their teams were prefetched."""
    groups = sorted(rollout.groups.prefetch_related("teams") if not _fetched(rollout) else rollout.groups.all(),
                    key=lambda group: group.number)  # fmt: skip
    return Course(
        State(rollout.state),
        rollout.success_percent,
        rollout.error_percent,
        rollout.worse_limit,
        tuple(
            Group(
                group.number,
                timedelta(hours=group.soak_hours),
                group.gate,
                group.begun_at,
                tally((team.answer, team.excused) for team in group.teams.all()),
            )
            for group in groups
        ),
    )


def _fetched(rollout: Rollout) -> bool:
    return "groups" in getattr(rollout, "_prefetched_objects_cache", {})
