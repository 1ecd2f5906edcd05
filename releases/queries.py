"""What pages, the API and the floors above read of releases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from releases.models import Commit, ContentClass


def holders(commits: Iterable[Commit]) -> frozenset[int]:
    """Give the ids of the releases that hold every one of `commits`; none for no commits. One query."""
    classes = {commit.content_class_id for commit in commits}
    if not classes or None in classes:
        return frozenset()
    releases: dict[int | None, set[int]] = defaultdict(set)
    membership = ContentClass.releases.through.objects.filter(contentclass_id__in=classes)
    for content_class, release in membership.values_list("contentclass_id", "release_id"):
        releases[content_class].add(release)
    return frozenset(set.intersection(*(releases[content_class] for content_class in classes)))
