"""Make a release of a tag: frozen at its commit, whatever becomes of the tag."""

from foundation.accounts.actors import Actor
from releases.actions.draft_releases import draft_releases
from releases.models import Commit, Release, Repository
from releases.versions import Tip


def draft_release(
    *,
    actor: Actor,
    repository: Repository,
    version: str,
    tag: str,
    tag_object: str,
    commit: Commit,
    imported: bool = False,
) -> Release:
    """Draft `version` of the repository's component at `commit`. Raises Conflict for a version that exists."""
    tip = Tip(tag, tag_object, version, commit.sha, imported)
    (release,) = draft_releases(actor=actor, repository=repository, tips=[tip], commits={commit.sha: commit})
    return release
