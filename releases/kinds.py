"""What this room says in the journal."""

from foundation.journal.kinds import Payload


class RepositoryAdded(Payload, kind="repository.added"):
    """A repository was registered for a component."""

    name: str
    component_id: int


class RepositoryFetched(Payload, kind="repository.fetched"):
    """A fetch is in, with its commits. Of `imported` history nothing may be moved."""

    fetch_id: int
    commits: int
    imported: bool


class RepositoryFailed(Payload, kind="repository.failed"):
    """A fetch did not work, for this reason (told once for each reason in a row)."""

    error: str


class TagMoved(Payload, kind="release.tag_moved"):
    """The tag of a frozen release names another object now; the release stays what it was."""

    tag: str
    old: str
    new: str


class TagDeleted(Payload, kind="release.tag_deleted"):
    """The tag of a frozen release is gone; the release stays what it was."""

    tag: str
    old: str


class ReleaseDrafted(Payload, kind="release.drafted"):
    """A tag became a release."""

    version: str
    component_id: int
    sha: str
    tag: str
    imported: bool = False


class ReleaseProposed(Payload, kind="release.proposed"):
    """Somebody thinks that it should ship."""


class ReleaseApproved(Payload, kind="release.approved"):
    """Somebody else agreed."""


class ReleasePublished(Payload, kind="release.published"):
    """It was let out on a channel."""

    channel: str


class ReleaseWithdrawn(Payload, kind="release.withdrawn"):
    """It should not be installed any more."""

    reason: str
    replacement_id: int | None


class ReleaseNotesEdited(Payload, kind="release.notes_edited"):
    """Its notes were written anew."""


class InstallationReported(Payload, kind="installation.reported"):
    """A team runs it on a hardware revision (about the release)."""

    installation_id: int
    team_id: int
    hardware_id: int


class SubscriptionSet(Payload, kind="subscription.set"):
    """A team receives another channel of a component from now on (about the team; no channel: nothing)."""

    team_id: int
    component_id: int
    channel: str | None
