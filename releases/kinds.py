"""What this room says in the journal."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.journal.kinds import Payload


class RepositoryAdded(Payload, kind="repository.added"):
    """A repository was registered for a component."""

    name: str
    component_id: int

    def sentence(self) -> str:
        return _("registered the repository %(name)s") % {"name": self.name}


class RepositoryFetched(Payload, kind="repository.fetched"):
    """A fetch is in, with its commits. Of `imported` history nothing may be moved."""

    fetch_id: int
    commits: int
    imported: bool

    def sentence(self) -> str:
        if self.imported:
            text = ngettext(
                "brought in a history of %(count)s commit", "brought in a history of %(count)s commits", self.commits
            )
        else:
            text = ngettext("brought in %(count)s commit", "brought in %(count)s commits", self.commits)
        return text % {"count": self.commits}


class RepositoryFailed(Payload, kind="repository.failed"):
    """A fetch did not work, for this reason (told once for each reason in a row)."""

    error: str

    def sentence(self) -> str:
        return _("could not fetch: %(error)s") % {"error": self.error}


class BundleUploaded(Payload, kind="repository.bundle_uploaded"):
    """Somebody brought a history in a file."""

    name: str
    sha256: str

    def sentence(self) -> str:
        return _("brought the bundle %(name)s") % {"name": self.name}


class TagMoved(Payload, kind="release.tag_moved"):
    """The tag of a frozen release names another object now; the release stays what it was."""

    tag: str
    old: str
    new: str

    def sentence(self) -> str:
        values = {"tag": self.tag, "old": self.old[:10], "new": self.new[:10]}
        return _("saw that the tag %(tag)s was moved from %(old)s to %(new)s; the release stays as it was") % values


class TagDeleted(Payload, kind="release.tag_deleted"):
    """The tag of a frozen release is gone; the release stays what it was."""

    tag: str
    old: str

    def sentence(self) -> str:
        return _("saw that the tag %(tag)s was deleted; the release stays as it was") % {"tag": self.tag}


class ReleaseDrafted(Payload, kind="release.drafted"):
    """A tag became a release."""

    version: str
    component_id: int
    sha: str
    tag: str
    imported: bool = False

    def sentence(self) -> str:
        values = {"version": self.version, "tag": self.tag, "sha": self.sha[:10]}
        return _("drafted %(version)s from the tag %(tag)s at %(sha)s") % values


class CompanionSet(Payload, kind="release.companion_set"):
    """A commit of another repository of its component belongs to the release from now on."""

    repository_id: int
    repository: str
    tag: str
    sha: str

    def sentence(self) -> str:
        values = {"tag": self.tag, "repository": self.repository, "sha": self.sha[:10]}
        return _("joined the tag %(tag)s of %(repository)s at %(sha)s to the release") % values


class CompanionRemoved(Payload, kind="release.companion_removed"):
    """Nothing of another repository belongs to the release any more."""

    repository_id: int
    repository: str
    tag: str

    def sentence(self) -> str:
        values = {"tag": self.tag, "repository": self.repository}
        return _("took the tag %(tag)s of %(repository)s out of the release") % values


class ReleaseCut(Payload, kind="repository.tag_pushed"):
    """A person cut a release: its tag was pushed from here (about the repository)."""

    tag: str
    sha: str

    def sentence(self) -> str:
        return _("cut %(tag)s at %(sha)s") % {"tag": self.tag, "sha": self.sha[:10]}


class ReleaseProposed(Payload, kind="release.proposed"):
    """Somebody thinks that it should ship."""

    def sentence(self) -> str:
        return _("proposed the release")


class ReleaseApproved(Payload, kind="release.approved"):
    """Somebody else agreed."""

    def sentence(self) -> str:
        return _("approved the release")


class ReleasePublished(Payload, kind="release.published"):
    """It was let out on a channel."""

    channel: str

    def sentence(self) -> str:
        return _("published the release on the channel “%(channel)s”") % {"channel": _channel(self.channel)}


class ReleaseWithdrawn(Payload, kind="release.withdrawn"):
    """It should not be installed any more."""

    reason: str
    replacement_id: int | None

    def sentence(self) -> str:
        return _("withdrew the release: %(reason)s") % {"reason": self.reason}


class ReleaseNotesEdited(Payload, kind="release.notes_edited"):
    """Its notes were written anew."""

    def sentence(self) -> str:
        return _("edited the notes")


class ReleaseNotesTranslated(Payload, kind="release.notes_translated"):
    """Its notes were written in another language."""

    language: str

    def sentence(self) -> str:
        return _("translated the notes (%(language)s)") % {"language": self.language}


class RepositoryPatternsSet(Payload, kind="repository.patterns_set"):
    """What tags tell versions, commits pull requests and branches tasks is read otherwise from now on."""

    pull_request_pattern: str
    branch_pattern: str
    # Empty in entries of before it could be changed.
    tag_pattern: str = ""

    def sentence(self) -> str:
        return _("changed how tags, pull requests and branch names are read")


class CommitRelationDecided(Payload, kind="commit.relation_decided"):
    """A person confirmed or refused that a commit takes another one back or brings it again (about the commit)."""

    relation_id: int
    kind_of: str
    other: str
    confirmed: bool

    def sentence(self) -> str:
        if self.confirmed:
            return _("confirmed that it goes with %(sha)s") % {"sha": self.other[:10]}
        return _("said that it does not go with %(sha)s") % {"sha": self.other[:10]}


class TermSet(Payload, kind="programme.term_set"):
    """A word of the glossary was written or taken out (about the programme)."""

    en: str
    uk: str
    nb: str

    def sentence(self) -> str:
        return _("set “%(word)s” in the glossary") % {"word": self.en}


class InstallationReported(Payload, kind="installation.reported"):
    """A team runs it on a hardware revision (about the release)."""

    installation_id: int
    team_id: int
    hardware_id: int
    withdrawn: bool = False

    def sentence(self) -> str:
        if self.withdrawn:
            return _("reported that it is installed, though it was withdrawn")
        return _("reported that it is installed")


class SubscriptionSet(Payload, kind="subscription.set"):
    """A team receives another channel of a component from now on (about the team; no channel: nothing)."""

    team_id: int
    component_id: int
    channel: str | None

    def sentence(self) -> str:
        if self.channel is None:
            return _("ended a subscription")
        return _("subscribed the team to the channel “%(channel)s”") % {"channel": _channel(self.channel)}


def _channel(value: str) -> str:
    from releases.models import Channel  # models stand above kinds: only the words come from there

    return str(Channel(value).label) if value in Channel.values else value
