"""What a fetch has found: which tags are to become releases, which frozen ones lost theirs, what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from releases.git.refs import Ref, RefChange, changes, is_ancestor
from releases.git.run import Mirror
from releases.kinds import TagDeleted, TagMoved
from releases.models import Companion, Fetch, RefEvent, Release, Repository
from releases.versions import Tip, version_of

# Whether a branch was forced costs a git process each; a repository that moves more at once is not told so finely.
MAX_ANCESTRY: Final = 500


def known_refs(repository: Repository) -> dict[str, str]:
    """Give every branch and tag as of the last fetch that came to its end: full name → object."""
    last = RefEvent.objects.filter(repository=repository).order_by("ref", "-id").distinct("ref")
    return {ref: new for ref, new in last.values_list("ref", "new") if new}


def ref_changes(mirror: Mirror, before: Mapping[str, str], after: Mapping[str, Ref]) -> list[RefChange]:
    """Give what happened to branches and tags since the last fetch."""
    asked = 0

    def ancestry(old: str, new: str) -> bool:
        nonlocal asked
        asked += 1
        return asked > MAX_ANCESTRY or is_ancestor(mirror, old, new)

    return changes(before, {name: ref.target for name, ref in after.items()}, is_ancestor=ancestry)


def new_tips(repository: Repository, refs: Mapping[str, Ref]) -> list[Tip]:
    """Give the tags that stand for a version that the component has no release of yet (of two such, the first).

    Among them may be tags of long ago: those that a tag pattern changed since then stands for.
    """
    frozen = set(Release.objects.filter(repository=repository).values_list("tag", flat=True))
    versions = set(Release.objects.filter(component=repository.component_id).values_list("version", flat=True))
    found: list[tuple[Ref, str]] = []
    for ref in refs.values():
        version = version_of(ref.tag, repository.tag_pattern) if ref.tag and ref.commit else ""
        if version and ref.tag not in frozen and version not in versions:
            versions.add(version)
            found.append((ref, version))
    old = imported_refs(repository, [ref.name for ref, _version in found])
    return [
        Tip(ref.tag, ref.target, version, ref.commit, repository.imported_at is None or old.get(ref.name) == ref.target)
        for ref, version in found
    ]


def imported_refs(repository: Repository, names: Sequence[str]) -> dict[str, str]:
    """Give what stood under these names when the repository was registered: full name → object."""
    first = RefEvent.objects.filter(repository=repository, fetch__imported=True, ref__in=names)
    return dict(first.values_list("ref", "new")) if names else {}


def store_ref_events(fetch: Fetch, found: Sequence[RefChange]) -> None:
    """Add what happened to the story of each ref."""
    RefEvent.objects.bulk_create(
        [
            RefEvent(
                repository_id=fetch.repository_id,
                fetch=fetch,
                ref=c.name,
                kind=c.kind,
                old=c.old,
                new=c.new,
                at=fetch.at,
            )
            for c in found
        ],
        batch_size=1000,
    )


def raise_alarms(actor: Actor, repository: Repository, found: Sequence[RefChange]) -> None:
    """Tell of every release whose tag, or a companion's, was moved or deleted. The release stays frozen as it was."""
    changed = {change.tag: change for change in found if change.tag}
    own = Release.objects.filter(repository=repository, tag__in=changed)
    beside = Companion.objects.filter(repository=repository, tag__in=changed).select_related("release")
    frozen = [(release, release.tag, release.tag_object) for release in own]
    frozen += [(companion.release, companion.tag, companion.tag_object) for companion in beside]
    for release, tag, tag_object in frozen:
        change = changed[tag]
        if change.new == tag_object:
            continue  # put back to where it was
        payload = (
            TagMoved(tag=tag, old=change.old or tag_object, new=change.new)
            if change.new
            else TagDeleted(tag=tag, old=change.old)
        )
        release.tag_alarm_at = clock.now()
        release.save(update_fields=["tag_alarm_at"])
        record(payload, subject=release, actor=actor)
