"""One ticket's course: what holds at each moment of its life, from its own milestones and the states of its tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rnd.cycles.clock.events import Event, Received, TaskEvent, TicketEvent
from rnd.cycles.clock.milestones import Phase, phases
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.clock.timeline import Timed, timeline
from rnd.cycles.clock.work import History, Work, govern, linked


@dataclass(frozen=True, slots=True)
class Story:
    """All that is read of one ticket: its own events, and those of every task that was ever linked to it.

    `tickets` are the tickets whose linked tasks count: its own number, and for a merged one those it was merged into.
    """

    tickets: frozenset[int]
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds from `at` until the next moment: the ticket's own phase, and the state of each linked task."""

    at: int
    phase: Phase
    works: tuple[Work, ...]

    @property
    def open(self) -> tuple[Work, ...]:
        """The tasks that share this moment: the open ones, none while a closing holds that was revoked later."""
        return () if self.phase.closing else tuple(work for work in self.works if work.open)

    @property
    def reading(self) -> tuple[Stage, Mode, int]:
        """The stage, mode and pass of every microsecond from here on."""
        governed = None if self.phase.closing else govern(self.works)
        if governed is not None:
            return *governed, self.phase.number
        done = any(self._done_in_pass(work) for work in self.works)
        return self.phase.stage(done=done), Mode.WAITING, self.phase.number

    def _done_in_pass(self, work: Work) -> bool:
        """In the first pass, work that was done before the fault was seen counts too."""
        return work.done and (self.phase.number == 1 or work.moved_at >= self.phase.began)


@dataclass(frozen=True, slots=True)
class Course:
    """The ticket's life [start, end), `end` being None while it is open, with all that it is made of."""

    start: int
    end: int | None
    own: Sequence[Timed[TicketEvent]]
    phases: Sequence[Phase]
    tasks: Sequence[History]

    def moments(self) -> Iterator[Moment]:
        """Give what holds from each boundary of the life on; what was so before the start holds at the start."""
        changes: list[tuple[int, Phase | Work]] = [(max(self.start, phase.since), phase) for phase in self.phases]
        changes += [(max(self.start, state.since), state) for task in self.tasks for state in task.states]
        changes.sort(key=itemgetter(0))  # stable: of several at one moment the last one holds
        phase = self.phases[0]
        works: dict[int, Work] = {}
        for at, together in groupby(changes, key=itemgetter(0)):
            if self.end is not None and at >= self.end:
                return
            for _, state in together:
                if isinstance(state, Work):
                    works[state.task] = state
                else:
                    phase = state
            yield Moment(at, phase, tuple(works.values()))


def course_of(story: Story, *, now: int | None = None) -> Course | None:
    """Give the course of one ticket; None when it was not received (yet).

    With `now` (microseconds), what claims to happen later is not read.
    """
    events = story.events if now is None else [event for event in story.events if event.claimed <= now]
    own = timeline((event for event in events if isinstance(event, TicketEvent)), birth=Received)
    if not own or not isinstance(own[0].event, Received):
        return None
    start = min(own[0].event.seen, own[0].at)
    states = phases(own, start=start)
    closing = states[-1].closing
    return Course(
        start=start,
        end=closing.at if closing else None,
        own=own,
        phases=states,
        tasks=linked((event for event in events if isinstance(event, TaskEvent)), story.tickets),
    )
