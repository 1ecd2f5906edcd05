"""Finds what new commits take back or bring again.

For certain by their messages and, where their files are here, by their changes; as a suggestion by their looks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Max, Q

from foundation.kit import clock
from releases.git.patches import patch_ids
from releases.git.run import open_mirror
from releases.git.trailers import read_message
from releases.mirrors import mirror_access, mirror_path
from releases.models import Commit, Relation, Repository

CHUNK: Final = 2000
# A history that was rewritten once has as many twins as commits: more than anybody would go through.
MOST_SUGGESTED: Final = 500
_SHORTEST_SUBJECT: Final = 20
_PULL_REQUEST: Final = re.compile(r"\(#(\d{1,9})\)$")
_REVERT_OF: Final = re.compile(r'^Revert "(.+)"(?: \(#\d+\))?$')

_Pair = tuple[Commit, Commit, str, str]


def read_relations(repository: Repository) -> bool:
    """Store the relations of the commits that came since the last call; tells whether any was found or resolved.

    The caller has the transaction and the repository's lock.
    """
    newest = Commit.objects.filter(repository=repository).aggregate(newest=Max("pk"))["newest"]
    since, first = repository.read_to or 0, repository.read_to is None
    if newest is not None and newest > since:
        fresh = Commit.objects.filter(repository=repository, pk__gt=since)
        before = Relation.objects.filter(component=repository.component_id).count()
        _store_named(repository, fresh)
        if not first and fresh.count() <= CHUNK:
            _store_suggested(repository, list(fresh.order_by("pk")))
        repository.read_to = newest
        repository.save(update_fields=["read_to"])
        found = Relation.objects.filter(component=repository.component_id).count() > before
    else:
        found = False
    return resolve(repository.component_id) or found


def _store_named(repository: Repository, fresh: Iterable[Commit]) -> None:
    """Store what the messages say."""
    said = Q(body__contains="This reverts commit ") | Q(body__contains="(cherry picked from commit ")
    rows: list[Relation] = []
    now = clock.now()
    commits = fresh.filter(said).only("sha", "subject", "body")  # type: ignore[attr-defined]  # a query set
    for commit in commits.iterator(chunk_size=CHUNK):
        reading = read_message(f"{commit.subject}\n\n{commit.body}")
        named = [(Relation.Kind.REVERTS, sha) for sha in reading.reverts]
        # Of a pick of a pick the last line is the nearest; one of them is enough, and the first is the origin.
        named += [(Relation.Kind.COPIES, sha) for sha in reading.picked_from]
        rows += [
            _row(repository.component_id, commit, kind, sha, Relation.Basis.MESSAGE, now)
            for kind, sha in named
            if sha != commit.sha
        ]
        if len(rows) >= CHUNK:
            Relation.objects.bulk_create(rows, ignore_conflicts=True)
            rows = []
    Relation.objects.bulk_create(rows, ignore_conflicts=True)


def _row(  # noqa: PLR0917 -- the columns of a row
    component_id: int, commit: Commit, kind: str, named: str, basis: str, now: datetime, other: Commit | None = None
) -> Relation:
    certain = basis in (Relation.Basis.MESSAGE, Relation.Basis.PATCH)
    return Relation(
        component_id=component_id,
        commit=commit,
        other=other,
        named=named,
        kind=kind,
        basis=basis,
        state=Relation.State.CERTAIN if certain else Relation.State.SUGGESTED,
        found_at=now,
    )


def resolve(component_id: int) -> bool:
    """Find the commits that messages named before they were here; tells whether any was found. Two queries or so."""
    waiting = list(Relation.objects.filter(component=component_id, other=None))
    if not waiting:
        return False
    commits = Commit.objects.filter(repository__component=component_id)
    whole = {relation.named for relation in waiting if len(relation.named) == 40}
    known: dict[str, int] = dict(commits.filter(sha__in=whole).values_list("sha", "pk"))
    for short in {relation.named for relation in waiting} - whole:
        found = dict(commits.filter(sha__startswith=short).values_list("sha", "pk")[:3])
        if len(found) == 1:
            known[short] = next(iter(found.values()))
    resolved = [relation for relation in waiting if relation.named in known]
    for relation in resolved:
        relation.other_id = known[relation.named]
    Relation.objects.bulk_update(resolved, ["other"], batch_size=CHUNK)
    return bool(resolved)


def _store_suggested(repository: Repository, fresh: list[Commit]) -> None:
    """Suggest twins of new commits: by author and date, by pull request, by subject. Imported history suggests none."""
    fresh = [commit for commit in fresh if len(commit.parents) < 2]
    known = set(Relation.objects.filter(commit__in=fresh).values_list("commit_id", flat=True))
    pairs = [pair for pair in _twins(repository, fresh) if pair[0].pk not in known]
    pairs = _compared(repository, pairs[:MOST_SUGGESTED])
    now = clock.now()
    Relation.objects.bulk_create(
        [
            _row(repository.component_id, commit, kind, other.sha, basis, now, other)
            for commit, other, kind, basis in pairs
        ],
        ignore_conflicts=True,
    )


def _twins(repository: Repository, fresh: list[Commit]) -> list[_Pair]:
    """Give (new commit, older commit, kind, basis), the surest basis of each pair only."""
    basis = Relation.Basis
    alike = _Alike(repository, fresh)
    pairs: dict[tuple[int, int], _Pair] = {}
    for commit in fresh:
        for why, found in (
            (basis.AUTHOR_DATE, alike.by_date[commit.authored_at, commit.author_email]),
            (basis.PULL_REQUEST, alike.by_number[_number(commit)] if _number(commit) else []),
            (basis.SUBJECT, alike.by_subject[commit.subject] if len(commit.subject) >= _SHORTEST_SUBJECT else []),
        ):
            for other in found:
                if other.sha != commit.sha and other.pk < commit.pk:
                    pairs.setdefault((commit.pk, other.pk), (commit, other, Relation.Kind.COPIES, why))
        match = _REVERT_OF.match(commit.subject)
        for other in alike.by_subject[match[1]] if match else []:
            if other.pk != commit.pk:
                pairs[commit.pk, other.pk] = (commit, other, Relation.Kind.REVERTS, basis.SUBJECT)
    return list(pairs.values())


def _compared(repository: Repository, pairs: list[_Pair]) -> list[_Pair]:
    """Give the pairs, surer where git's patch id tells that both commits make the same change."""
    copies = [pair for pair in pairs if pair[2] == Relation.Kind.COPIES and pair[1].repository_id == repository.pk]
    if not copies:
        return pairs
    with open_mirror(mirror_path(repository), mirror_access()) as mirror:
        patches = patch_ids(mirror, [commit.sha for pair in copies for commit in pair[:2]])

    def basis_of(commit: Commit, other: Commit, kind: str, basis: str) -> str:
        same = commit.sha in patches and patches[commit.sha] == patches.get(other.sha)
        return Relation.Basis.PATCH if same and kind == Relation.Kind.COPIES else basis

    return [(commit, other, kind, basis_of(commit, other, kind, basis)) for commit, other, kind, basis in pairs]


def _number(commit: Commit) -> str:
    """Give the pull request's number that a subject ends with, as in "Shorten the timeout (#12)"."""
    match = _PULL_REQUEST.search(commit.subject)
    return match[1] if match else ""


class _Alike:
    """The commits of a component that look like some of the new ones, by what they have in common."""

    def __init__(self, repository: Repository, fresh: list[Commit]) -> None:
        self.by_date: dict[tuple[datetime, str], list[Commit]] = defaultdict(list)
        self.by_subject: dict[str, list[Commit]] = defaultdict(list)
        self.by_number: dict[str, list[Commit]] = defaultdict(list)
        subjects = {commit.subject for commit in fresh if len(commit.subject) >= _SHORTEST_SUBJECT}
        subjects |= {match[1] for commit in fresh if (match := _REVERT_OF.match(commit.subject))}
        alike = Q(authored_at__in={commit.authored_at for commit in fresh}) | Q(subject__in=subjects)
        for number in sorted({_number(commit) for commit in fresh} - {""})[:100]:
            alike |= Q(subject__endswith=f"(#{number})")
        found = Commit.objects.filter(alike, repository__component=repository.component_id)
        for commit in found.only("sha", "subject", "author_email", "authored_at", "parents", "repository_id")[
            : CHUNK * 2
        ]:
            if len(commit.parents) < 2:
                self.by_date[commit.authored_at, commit.author_email].append(commit)
                self.by_subject[commit.subject].append(commit)
                self.by_number[_number(commit)].append(commit)
