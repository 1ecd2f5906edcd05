"""What is new in a release: the commits that nothing which was shipped before it on the same history had.

Of a release that is built from several repositories it is told in each of them by itself, from the releases before it
there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from releases.contents import Held, classes_of, once
from releases.models import Commit, Companion, Release
from releases.parts import Part, parts_of, parts_of_all, with_part_in
from releases.querysets import CommitQuerySet, ReleaseQuerySet


def released_ancestors(release: Release) -> ReleaseQuerySet:
    """Give what had been shipped of this history before `release`: what is in one of them is not new.

    Candidates are no base for a final; of two releases of one commit the one that was frozen first is. Of a release
    that is built from several repositories, what is behind it in any of them. A query for its companions.
    """
    behind = Q()
    for part in parts_of(release):
        behind |= _behind(release, part)
    return _bases(release).filter(behind)


def _bases(release: Release) -> ReleaseQuerySet:
    """Give the shipped releases that may be a base for what is new in `release`, wherever they stand."""
    others = Release.objects.released().filter(component=release.component_id).exclude(pk=release.pk)
    return others if release.is_candidate else others.filter(is_candidate=False)


def _behind(release: Release, part: Part) -> Q:
    """Give the condition of releases whose commit in the part's repository is behind that of `release` there."""
    same = Q(commit=part.commit_id, sequence__gte=release.sequence)
    own = Q(repository=part.repository_id, commit__content_class__in=classes_of(release)) & ~same
    beside = Companion.objects.filter(repository=part.repository_id, commit__content_class__in=classes_of(release))
    later = Q(commit=part.commit_id, release__sequence__gte=release.sequence)
    return own | Q(pk__in=beside.exclude(later).values("release"))


def new_in(release: Release) -> CommitQuerySet:
    """Give the commits that are in `release` and in no release that was shipped before it. Three queries or so."""
    fresh = Q()
    parts = parts_of(release)
    for part in parts:
        shipped = Held.objects.filter(release__in=_bases(release).filter(_behind(release, part)).values("pk"))
        classes = classes_of(release).exclude(contentclass_id__in=shipped.values("contentclass_id"))
        if len(parts) > 1:
            classes = classes.filter(contentclass__repository=part.repository_id)
        mine = Q(content_class__in=classes)
        elsewhere = _shipped_elsewhere(release, part)
        if elsewhere:
            found = Commit.objects.filter(content_class__in=elsewhere)
            mine &= ~Q(sha__in=found.values("sha"))
        fresh |= mine
    return once(release, Commit.objects.filter(fresh)) if len(parts) > 1 else Commit.objects.filter(fresh)


def _shipped_elsewhere(release: Release, part: Part) -> list[int]:
    """Give the classes of what had been shipped of a part from the repository's forks in the same component."""
    here = Commit.objects.filter(repository=part.repository_id, content_class__in=classes_of(release)).values("sha")
    bases = _bases(release).filter(sequence__lt=release.sequence)
    own = bases.filter(commit__sha__in=here).exclude(repository=part.repository_id)
    beside = Companion.objects.filter(release__in=bases.values("pk"), commit__sha__in=here)
    tips = own.values_list("pk", "repository_id").union(
        beside.exclude(repository=part.repository_id).values_list("release_id", "repository_id")
    )
    held = Q()
    for other, repository in tips:
        held |= Q(release=other, contentclass__repository=repository)
    return list(Held.objects.filter(held).values_list("contentclass_id", flat=True).distinct()) if held else []


def new_commit_times(releases: Collection[Release]) -> dict[int, list[datetime]]:
    """Give, for each release, when each of the commits that `new_in` gives was committed. Seven queries for all."""
    parts = parts_of_all([release.pk for release in releases])
    of = {part.repository_id for mine in parts.values() for part in mine}
    shipped = list(with_part_in(Release.objects.released(), of))
    parts |= parts_of_all([release.pk for release in shipped])
    tips = Commit.objects.filter(pk__in={part.commit_id for mine in parts.values() for part in mine})
    class_of = dict(tips.values_list("pk", "content_class_id"))
    inside: dict[tuple[int, int], set[int]] = {}
    rows = Held.objects.filter(release__in=list(parts)).values_list(
        "release_id", "contentclass__repository_id", "contentclass_id"
    )
    for release_id, repository, held in rows:
        inside.setdefault((release_id, repository), set()).add(held)
    new: dict[int, set[int]] = {}
    for release in releases:
        new[release.pk] = set()
        for part in parts[release.pk]:
            mine = inside.get((release.pk, part.repository_id), set())
            new[release.pk] |= mine.difference(
                *(
                    inside.get((other.pk, part.repository_id), set())
                    for other in shipped
                    for tip in parts[other.pk]
                    if tip.repository_id == part.repository_id
                    and class_of.get(tip.commit_id) in mine
                    and _ships_before(other, tip, release, part)
                )
            )
    times: dict[int | None, list[datetime]] = {}
    commits = Commit.objects.filter(content_class__in=set().union(*new.values()))
    for held, at in commits.values_list("content_class_id", "committed_at"):
        times.setdefault(held, []).append(at)
    return {release: [at for held in classes for at in times.get(held, ())] for release, classes in new.items()}


def _ships_before(other: Release, tip: Part, release: Release, part: Part) -> bool:
    """The same as `released_ancestors`, of releases that are read already; `tip` is in the `part` of `release`."""
    if other.pk == release.pk or (tip.commit_id == part.commit_id and other.sequence >= release.sequence):
        return False
    return release.is_candidate or not other.is_candidate
