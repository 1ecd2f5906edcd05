"""What the journal may say of a task."""

from typing import Literal

from django.utils.translation import gettext as _

from foundation.journal.kinds import Payload

StageName = Literal["queue", "design", "build", "test", "done", "cancelled"]


class TaskOpened(Payload, kind="task.opened"):
    key: str
    component_id: int
    team_id: int | None
    title: str

    def sentence(self) -> str:
        return _("opened %(key)s “%(title)s”") % {"key": self.key, "title": self.title}


class TaskEdited(Payload, kind="task.edited"):
    title: str
    body: str

    def sentence(self) -> str:
        return _("edited title and notes")


class TaskLinked(Payload, kind="task.linked"):
    ticket_id: int

    def sentence(self) -> str:
        return _("linked %(key)s") % {"key": f"FB-{self.ticket_id}"}


class TaskUnlinked(Payload, kind="task.unlinked"):
    ticket_id: int

    def sentence(self) -> str:
        return _("unlinked %(key)s") % {"key": f"FB-{self.ticket_id}"}


class TaskAssigned(Payload, kind="task.assigned"):
    """`assignee_id` is null where the task was given back, or handed to the team of `team_name`."""

    assignee_id: int | None
    team_id: int | None
    assignee_name: str = ""
    team_name: str = ""

    def sentence(self) -> str:
        if self.assignee_id is None and self.team_name:
            return _("handed it to %(team)s") % {"team": self.team_name}
        if self.assignee_id is None:
            return _("gave the task back")
        return _("assigned it to %(name)s") % {"name": self.assignee_name}


class TaskMoved(Payload, kind="task.moved"):
    """`cause` is "commit" where a first new commit moved it to build."""

    from_stage: StageName
    to_stage: StageName
    cause: Literal["person", "commit"]

    def sentence(self) -> str:
        from rnd.engineering.models import Task  # models stand above kinds: only the words come from there

        stages = {"old": Task.Stage(self.from_stage).label, "new": Task.Stage(self.to_stage).label}
        if self.cause == "commit":
            return _("moved it from %(old)s to %(new)s: its first commit came in") % stages
        return _("moved it from %(old)s to %(new)s") % stages


class TaskBlocked(Payload, kind="task.blocked"):
    reason: str

    def sentence(self) -> str:
        return _("blocked it: %(reason)s") % {"reason": self.reason}


class TaskUnblocked(Payload, kind="task.unblocked"):
    def sentence(self) -> str:
        return _("unblocked it")


class TaskCommitLinked(Payload, kind="task.commit_linked"):
    commit_id: int
    sha: str
    strength: Literal["strong", "medium", "mention", "pull", "branch", "manual"]

    def sentence(self) -> str:
        return _("linked commit %(sha)s") % {"sha": self.sha[:9]}


class TaskCommitUnlinked(Payload, kind="task.commit_unlinked"):
    commit_id: int
    sha: str

    def sentence(self) -> str:
        return _("unlinked commit %(sha)s") % {"sha": self.sha[:9]}


class TaskCommitSuspected(Payload, kind="task.commit_suspected"):
    """One end of a link has changed, so that somebody should look whether it still holds."""

    commit_id: int
    sha: str
    reason: Literal["dropped", "reverted", "reopened"]

    def sentence(self) -> str:
        from rnd.engineering.models import TaskCommit  # models stand above kinds: only the words come from there

        why = TaskCommit.Suspect(self.reason).label
        return _("doubts the link to commit %(sha)s: %(why)s") % {"sha": self.sha[:9], "why": why}


class TaskCommitConfirmed(Payload, kind="task.commit_confirmed"):
    commit_id: int
    sha: str

    def sentence(self) -> str:
        return _("confirmed the link to commit %(sha)s") % {"sha": self.sha[:9]}


class TaskPullRequestLinked(Payload, kind="task.pull_request_linked"):
    repository_id: int
    number: int

    def sentence(self) -> str:
        return _("linked the pull request #%(number)s") % {"number": self.number}
