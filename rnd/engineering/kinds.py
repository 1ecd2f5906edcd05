"""What the journal may say of a task."""

from typing import Literal

from foundation.journal.kinds import Payload

StageName = Literal["queue", "design", "build", "test", "done", "cancelled"]


class TaskOpened(Payload, kind="task.opened"):
    key: str
    component_id: int
    team_id: int | None
    title: str


class TaskEdited(Payload, kind="task.edited"):
    title: str
    body: str


class TaskLinked(Payload, kind="task.linked"):
    ticket_id: int


class TaskUnlinked(Payload, kind="task.unlinked"):
    ticket_id: int


class TaskAssigned(Payload, kind="task.assigned"):
    """`assignee_id` is null where the task was given back."""

    assignee_id: int | None
    team_id: int | None


class TaskMoved(Payload, kind="task.moved"):
    """`cause` is "commit" where a first new commit moved it to build."""

    from_stage: StageName
    to_stage: StageName
    cause: Literal["person", "commit"]


class TaskBlocked(Payload, kind="task.blocked"):
    reason: str


class TaskUnblocked(Payload, kind="task.unblocked"):
    pass


class TaskCommitLinked(Payload, kind="task.commit_linked"):
    commit_id: int
    sha: str
    strength: Literal["strong", "medium", "mention", "manual"]


class TaskCommitUnlinked(Payload, kind="task.commit_unlinked"):
    commit_id: int
    sha: str
