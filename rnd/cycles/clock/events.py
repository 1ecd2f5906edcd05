"""What the clock reads: one type for each thing that can happen to a ticket or to a task linked to it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One journal entry as the clock sees it. Times are integer UTC microseconds since 1970.

    `subject` is the number of the ticket or of the task that it tells of, `occurred` what the teller claims,
    `recorded` when the server wrote it down, `id` the entry's number.
    """

    id: int
    subject: int
    occurred: int
    recorded: int

    @property
    def claimed(self) -> int:
        """The claim, held to what is possible: nothing is recorded before it happens."""
        return min(self.occurred, self.recorded)

    @property
    def order(self) -> tuple[int, int, int]:
        """By claim, then by record, then by number."""
        return self.claimed, self.recorded, self.id


@dataclass(frozen=True, slots=True)
class TicketEvent(Event):
    """Something that happened to the ticket itself."""


@dataclass(frozen=True, slots=True)
class Received(TicketEvent):
    seen: int  # when the fault was seen in the field


@dataclass(frozen=True, slots=True)
class Accepted(TicketEvent):
    pass


@dataclass(frozen=True, slots=True)
class Rejected(TicketEvent):
    pass


@dataclass(frozen=True, slots=True)
class Merged(TicketEvent):
    into: int  # the canonical ticket's number


@dataclass(frozen=True, slots=True)
class Closed(TicketEvent):
    outcome: str


@dataclass(frozen=True, slots=True)
class Reopened(TicketEvent):
    pass


@dataclass(frozen=True, slots=True)
class FixOffered(TicketEvent):
    """A release that answers the ticket is on a channel that the reporting team receives."""


@dataclass(frozen=True, slots=True)
class FixInstalled(TicketEvent):
    """The reporting team runs it."""


@dataclass(frozen=True, slots=True)
class VerdictGiven(TicketEvent):
    outcome: str  # fixed, not_fixed, worse or could_not_test
    release: int = 0  # the number of the release that it is about


@dataclass(frozen=True, slots=True)
class TaskEvent(Event):
    """Something that happened to a task."""


@dataclass(frozen=True, slots=True)
class TaskOpened(TaskEvent):
    pass


@dataclass(frozen=True, slots=True)
class TaskLinked(TaskEvent):
    ticket: int


@dataclass(frozen=True, slots=True)
class TaskUnlinked(TaskEvent):
    ticket: int


@dataclass(frozen=True, slots=True)
class TaskAssigned(TaskEvent):
    someone: bool  # False: the assignment was taken back


@dataclass(frozen=True, slots=True)
class TaskMoved(TaskEvent):
    to: str  # queue, design, build, test, done or cancelled


@dataclass(frozen=True, slots=True)
class TaskBlocked(TaskEvent):
    pass


@dataclass(frozen=True, slots=True)
class TaskUnblocked(TaskEvent):
    pass
