"""The effort view: each moment shared equally among the open tasks, in exact fractions, then in whole microseconds.

It stands beside the cycle clock and never replaces it: a ticket with three tasks under way in different stages is
in one stage, and takes effort in three.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rnd.cycles.clock.course import Story, course_of
from rnd.cycles.clock.stages import Stage
from rnd.cycles.statistics.shares import apportion


@dataclass(frozen=True, slots=True)
class Effort:
    """Whole microseconds by stage and by task (None: no task was open); each of the two adds up to the total."""

    by_stage: Mapping[Stage, int]
    by_task: Mapping[int | None, int]


def effort(story: Story, *, now: int) -> Effort | None:
    """Share out the life of one ticket up to `now` (microseconds); None when it was not received yet.

    An interval with k open tasks gives each of them, and the stage it is in, one k-th; one without goes to the
    ticket's own stage. The rounding is by largest remainder, once, at the end.
    """
    course = course_of(story, now=now)
    if course is None:
        return None
    by_stage: dict[Stage, Fraction] = dict.fromkeys(Stage, Fraction(0))
    by_task: dict[int | None, Fraction] = {None: Fraction(0)}
    moments = list(course.moments())
    ends = [moment.at for moment in moments[1:]] + [now if course.end is None else course.end]
    for moment, until in zip(moments, ends, strict=False):
        length = until - moment.at
        for work in moment.open:
            share = Fraction(length, len(moment.open))
            by_stage[Stage(work.stage)] += share
            by_task[work.task] = by_task.get(work.task, Fraction(0)) + share
        if not moment.open:
            by_stage[moment.reading[0]] += length
            by_task[None] += length
    return Effort(apportion(by_stage), apportion(by_task))
