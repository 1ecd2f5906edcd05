"""Which tags join a release that another repository of the component has brought, because they are the same version.

Only repositories that share no commit join by themselves: a fork's tag of the same version is another line of the same
work, and whether a release holds it too is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.journal.bulk import Told, record_all
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.transactions import require_transaction
from releases.arrivals import imported_refs
from releases.git.refs import Ref
from releases.git.run import Mirror
from releases.kinds import CompanionRemoved, CompanionSet
from releases.models import Commit, Companion, Release, Repository
from releases.parts import parts_of_all
from releases.querysets import ReleaseQuerySet
from releases.versions import Tip, version_of

OPEN = (Release.State.DRAFT, Release.State.CANDIDATE)


@dataclass(frozen=True, slots=True)
class Joining:
    """A tag that joins a release."""

    release_id: int
    tip: Tip


def may_join(repository: Repository, *, imported: bool) -> ReleaseQuerySet:
    """Give the releases that a new tag of the repository for the same version would join.

    Not yet approved; and what had been shipped before the house knew of it takes only a tag of before as well.
    """
    others = Release.objects.filter(component=repository.component_id).exclude(repository=repository)
    state = Q(imported=True) if imported else Q(pk__in=())
    found = others.filter(state | Q(imported=False, state__in=OPEN))
    return found.exclude(pk__in=Companion.objects.filter(repository=repository).values("release"))


def joining(repository: Repository, mirror: Mirror, refs: Mapping[str, Ref]) -> list[Joining]:
    """Give the tags that join a release of another repository; none that a person has taken out of it."""
    releases = {release.version: release for release in may_join(repository, imported=True)}
    named = [(ref, version_of(ref.tag, repository.tag_pattern)) for ref in refs.values() if ref.tag and ref.commit]
    same = [(ref, releases[version]) for ref, version in named if version in releases] if releases else []
    old = imported_refs(repository, [ref.name for ref, _release in same])
    found: dict[int, Joining] = {}
    for ref, release in same:
        imported = repository.imported_at is None or old.get(ref.name) == ref.target
        if imported or not release.imported:
            tip = Tip(ref.tag, ref.target, release.version, ref.commit, imported and release.imported)
            found.setdefault(release.pk, Joining(release.pk, tip))
    if not found:
        return []
    homes = _repositories_of(found)
    forks = related(repository, mirror, set().union(*homes.values()))
    refused = _refused(repository, list(found))
    return [one for pk, one in sorted(found.items()) if not homes[pk] & forks and pk not in refused]


def _repositories_of(releases: Iterable[int]) -> dict[int, set[int]]:
    return {pk: {part.repository_id for part in parts} for pk, parts in parts_of_all(list(releases)).items()}


def related(repository: Repository, mirror: Mirror, others: set[int]) -> set[int]:
    """Give those of the other repositories that share commits with this one: then they share a beginning, too.

    Read from the mirror, as commits that have just come are not stored yet.
    """
    roots = mirror.run("rev-list", "--max-parents=0", "--branches", "--tags").decode().split()
    return set(Commit.objects.filter(repository__in=others, sha__in=roots).values_list("repository_id", flat=True))


def _refused(repository: Repository, releases: Sequence[int]) -> set[int]:
    told = Entry.objects.filter(
        subject_type=Release.journal_type, subject_id__in=releases, kind=CompanionRemoved.kind,
        data__repository_id=repository.pk,
    )  # fmt: skip
    return set(told.values_list("subject_id", flat=True))


def join(actor: Actor, repository: Repository, found: Sequence[Joining], commits: Mapping[str, Commit]) -> list[int]:
    """Make them companions; gives the ids of the releases. Left out is what was approved in the meantime."""
    require_transaction("join()")
    wanted = {one.release_id: one.tip for one in found}
    still = may_join(repository, imported=True).filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
    releases = [release for release in still if wanted[release.pk].sha in commits]
    now = clock.now()
    Companion.objects.bulk_create(
        Companion(
            release=release, repository=repository, commit=commits[wanted[release.pk].sha],
            tag=wanted[release.pk].tag, tag_object=wanted[release.pk].target, set_at=now,
        )
        for release in releases
    )  # fmt: skip
    record_all([_told(release, repository, wanted[release.pk], commits) for release in releases], actor=actor)
    return [release.pk for release in releases]


def _told(release: Release, repository: Repository, tip: Tip, commits: Mapping[str, Commit]) -> Told:
    payload = CompanionSet(repository_id=repository.pk, repository=repository.name, tag=tip.tag, sha=tip.sha)
    # Of imported history git says when it happened.
    return Told(payload, release, commits[tip.sha].committed_at if tip.imported else None)
