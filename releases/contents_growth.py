"""Contents where a history has only grown: what new releases hold, without going over all that the old ones hold.

All of a class is reached by a new release as soon as the new release descends from one that holds the class. So the
pass over the history stops at an old release that *every* new one descends from: whatever it holds, they hold, too.
What is not behind it is gone over, be it new or old.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection
from django.db.models import Count

from releases.classes import plan_classes
from releases.contents_update import CHUNK, ContentsUpdate, make_classes
from releases.git.membership import propagate
from releases.git.refs import is_ancestor
from releases.git.run import Mirror
from releases.models import Commit, Holding, Repository

# Each costs git processes; the newest are the likeliest.
_MOST_BOUNDARIES: Final = 5
_MOST_CANDIDATES: Final = 3


def prepare_growth(
    repository: Repository, mirror: Mirror, releases: Sequence[tuple[int, str]], fresh: Sequence[str]
) -> ContentsUpdate | None:
    """Give what `prepare` gives for `releases` (id, commit) in that order and then `fresh` commits.

    None where the new releases have no old one behind all of them; then only `prepare` will do.
    """
    tips = dict(enumerate(fresh, len(releases)))
    every = sum(1 << bit for bit in tips)
    walk = propagate(mirror, tips, without=[sha for _pk, sha in releases])
    boundary = [sha.decode() for sha, bits in walk.pending.items() if bits == every]
    bases = _bases(repository, mirror, {sha: pk for pk, sha in releases}, boundary)
    if not bases:
        return None
    if any(sha.decode() not in bases for sha in walk.pending):
        walk = propagate(mirror, tips, without=bases)
    bits_of = walk.bits_of
    stored = _stored(repository, list(bits_of))
    classes = _bits_of_classes({found for found in stored.values() if found}, [pk for pk, _sha in releases])
    moved: Counter[int] = Counter()
    for sha, class_id in stored.items():
        if class_id in classes:
            bits_of[sha] |= classes[class_id]
            moved[class_id] += 1
    counted = Commit.objects.filter(content_class__in=classes).values_list("content_class").annotate(n=Count("pk"))
    staying = {found: classes[found] for found, n in counted if found and n > moved[found]}
    # A class without a release was left behind by a fetch that did not come to its end.
    held = {sha: class_id if class_id in classes else None for sha, class_id in stored.items()}
    id_of = make_classes(repository, plan_classes(held, bits_of, staying))
    at_tips = {sha: bits_of.get(sha.encode(), every) for sha in fresh}
    return ContentsUpdate(repository, at_tips, bits_of, stored, id_of, frozenset(bases.values()))


def _bases(
    repository: Repository, mirror: Mirror, releases: Mapping[str, int], boundary: Sequence[str]
) -> dict[str, int]:
    """Give releases (commit → id) that the commits of `boundary` are or descend from."""
    bases = {sha: releases[sha] for sha in boundary if sha in releases}
    for sha in [sha for sha in boundary if sha not in releases][:_MOST_BOUNDARIES]:
        for candidate, pk in _candidates(repository, releases, sha):
            if is_ancestor(mirror, candidate, sha):
                bases[candidate] = pk
                break
    return bases


def _candidates(repository: Repository, releases: Mapping[str, int], sha: str) -> list[tuple[str, int]]:
    """Give releases (commit, id) that may be behind the commit: what holds it holds them, too."""
    held = Holding.objects.filter(contentclass__commits__repository=repository, contentclass__commits__sha=sha)
    holders = list(held.values_list("release_id", flat=True))
    if not holders:
        return []
    holding = Holding.objects.filter(release__in=holders).values("contentclass_id").annotate(n=Count("pk"))
    whole = set(holding.filter(n=len(holders)).values_list("contentclass_id", flat=True))
    tips = Commit.objects.filter(repository=repository, sha__in=releases).order_by("-committed_at", "-pk")
    behind = [found for found, class_id in tips.values_list("sha", "content_class_id") if class_id in whole]
    return [(found, releases[found]) for found in behind[:_MOST_CANDIDATES]]


def _stored(repository: Repository, shas: Sequence[bytes]) -> dict[bytes, int | None]:
    """Give the class of each of these commits that is stored already."""
    stored: dict[bytes, int | None] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(shas), CHUNK):
            cursor.execute(
                f"SELECT sha, content_class_id FROM {Commit._meta.db_table}"  # noqa: S608 -- our own table
                " WHERE repository_id = %s AND sha = ANY(%s::text[])",
                [repository.pk, [sha.decode() for sha in shas[start : start + CHUNK]]],
            )
            stored |= {sha.encode(): class_id for sha, class_id in cursor.fetchall()}
    return stored


def _bits_of_classes(classes: set[int], releases: Sequence[int]) -> dict[int, int]:
    """Give the releases of each class as bits; a class that is in none is left out."""
    bit_of = {pk: 1 << bit for bit, pk in enumerate(releases)}
    found: dict[int, int] = defaultdict(int)
    for class_id, release in Holding.objects.filter(contentclass__in=classes).values_list("contentclass", "release"):
        found[class_id] |= bit_of[release]
    return dict(found)
