"""What this room says in the journal."""

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.journal.kinds import Payload
from releases.rollouts.reasons import in_words


class RolloutStarted(Payload, kind="rollout.started"):
    """A release goes out on a channel by and by; `groups` are the ids of the teams, group by group."""

    release_id: int
    component_id: int
    channel: str
    groups: list[list[int]]

    def sentence(self) -> str:
        text = ngettext("started the rollout, in %(count)s group", "started the rollout, in %(count)s groups",
                        len(self.groups))  # fmt: skip
        return text % {"count": len(self.groups)}


class RolloutGroupBegun(Payload, kind="rollout.group_begun"):
    """From now on these teams are offered the release. `reason` where a person went past what it waited for."""

    release_id: int
    component_id: int
    channel: str
    number: int
    team_ids: list[int]
    reason: str = ""

    def sentence(self) -> str:
        text = _("let group %(number)s begin") % {"number": self.number}
        return f"{text}: {self.reason}" if self.reason else text


class RolloutPaused(Payload, kind="rollout.paused"):
    """It goes no further until a person resumes it. `tell` are the ids of the users who have to hear of it."""

    release_id: int
    component_id: int
    channel: str
    cause: Literal["person", "worse", "errors"]
    reason: str
    tell: list[int]

    def sentence(self) -> str:
        return _("paused the rollout: %(reason)s") % {"reason": in_words(self.reason)}


class RolloutResumed(Payload, kind="rollout.resumed"):
    """It goes on; the errors so far are known, and pause it no second time."""

    reason: str

    def sentence(self) -> str:
        if self.reason:
            return _("resumed the rollout: %(reason)s") % {"reason": self.reason}
        return _("resumed the rollout")


class RolloutAborted(Payload, kind="rollout.aborted"):
    """It is over before its end; groups that have not begun are not offered the release on this channel."""

    release_id: int
    component_id: int
    channel: str
    cause: Literal["person", "withdrawn"]
    reason: str

    def sentence(self) -> str:
        if self.cause == "withdrawn":
            return _("ended the rollout, for the release was withdrawn: %(reason)s") % {"reason": self.reason}
        return _("aborted the rollout: %(reason)s") % {"reason": self.reason}


class RolloutCompleted(Payload, kind="rollout.completed"):
    """Every group is through; from now on everybody who receives the channel is offered the release."""

    release_id: int
    component_id: int
    channel: str
    reason: str = ""

    def sentence(self) -> str:
        text = _("completed the rollout")
        return f"{text}: {self.reason}" if self.reason else text


class RolloutTeamAnswered(Payload, kind="rollout.team_answered"):
    """What came back from a team, or what is known of it (about the rollout)."""

    team_id: int
    team: str
    answer: Literal["waiting", "installed", "failed", "worse", "unreachable", "skipped"]
    note: str = ""

    def sentence(self) -> str:
        said = {
            "waiting": _("asks %(team)s again"),
            "installed": _("noted that %(team)s runs it"),
            "failed": _("noted that it failed at %(team)s"),
            "worse": _("noted that it is worse than before at %(team)s"),
            "unreachable": _("noted that %(team)s cannot be reached"),
            "skipped": _("left %(team)s out"),
        }
        text = said[self.answer] % {"team": self.team}
        return f"{text}: {self.note}" if self.note else text


class ReleaseTeamWarned(Payload, kind="release.team_warned"):
    """A team runs a release that was withdrawn, and is told so (about the release; the entry's team is the one)."""

    release_id: int
    team_id: int
    team: str
    hardware_ids: list[int]
    reason: str
    replacement_id: int | None

    def sentence(self) -> str:
        return _("warned %(team)s, which runs it") % {"team": self.team}


class ReleaseWarningSeen(Payload, kind="release.warning_seen"):
    """The team has read the warning (about the release)."""

    team_id: int
    team: str

    def sentence(self) -> str:
        return _("read the warning for %(team)s") % {"team": self.team}
