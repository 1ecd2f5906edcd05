"""Brings the stored classes of a repository's commits in line with git, in two steps around the commits' arrival.

First `prepare`: the classes are known before the commits are stored, so that most are stored with theirs. Then
`apply`, in the transaction that adds the releases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from releases.classes import Plan, changed, plan_classes
from releases.git.membership import from_graph, membership
from releases.git.run import Mirror
from releases.models import Commit, ContentClass, Holding, Repository

CHUNK: Final = 5000
_HOLDING: Final = Holding._meta.db_table


@dataclass(frozen=True, slots=True)
class ContentsUpdate:
    """What is to be written. Bits are numbered as `prepare` was given the releases.

    Of a release, this is about its commit in this one repository (see `parts.py`); `tips` has that commit's bitset.
    With `under`, this is only about the commits in `bits_of`: beside them, all that is in one of the releases `under`
    (their ids) comes to be in every release that is added.
    """

    repository: Repository
    tips: Mapping[str, int]
    bits_of: Mapping[bytes, int]
    stored: Mapping[bytes, int | None]
    id_of: Mapping[int, int]
    under: frozenset[int] = frozenset()

    def class_of(self, shas: Sequence[bytes]) -> list[bytes]:
        """Give the class of each of these commits as text, empty for one that is in no release."""
        text = {bits: b"%d" % class_id for bits, class_id in self.id_of.items()}
        bits_of = self.bits_of.get
        return [text.get(bits_of(sha, 0), b"") for sha in shas]

    def ancestors(self, tips: Mapping[int, str]) -> dict[str, set[str]]:
        """Give, for each of these releases' commits, the others that it descends from."""
        found: dict[str, set[str]] = {sha: set() for sha in tips.values()}
        for ancestor in set(tips.values()):
            bits = self.tips.get(ancestor, 0)
            for bit, sha in tips.items():
                if bits >> bit & 1 and sha != ancestor:
                    found[sha].add(ancestor)
        return found

    def apply(self, release_of: Mapping[int, int], added: Collection[int] = ()) -> None:
        """Write it, with the id of each bit's release; `added` are the new ones. A bit without one counts for nothing.

        The caller has the transaction and the repository's lock.
        """
        changes = list(changed(self.stored, self.bits_of, self.id_of).items())
        for part in _parts(changes, CHUNK):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {Commit._meta.db_table} c SET content_class_id = v.class_id"  # noqa: S608 -- our own table
                    " FROM unnest(%s::text[], %s::bigint[]) AS v(sha, class_id)"
                    " WHERE c.repository_id = %s AND c.sha = v.sha",
                    [[sha.decode() for sha, _id in part], [class_id for _sha, class_id in part], self.repository.pk],
                )
        held = Holding.objects.filter(contentclass__repository=self.repository)
        if self.under:
            self._write_meanings(release_of, held.filter(contentclass_id__in=set(self.id_of.values())))
            self._add_under(added)
        else:
            self._write_meanings(release_of, held)
            ContentClass.objects.filter(repository=self.repository).exclude(pk__in=self.id_of.values()).delete()

    def _write_meanings(self, release_of: Mapping[int, int], known: QuerySet[Holding]) -> None:
        present = set(known.values_list("contentclass_id", "release_id"))
        wanted = {
            (class_id, release_of[bit])
            for bits, class_id in self.id_of.items()
            for bit in _bits(bits)
            if bit in release_of
        }
        stale = {class_id for class_id, _release in present - wanted}
        if stale:
            known.filter(contentclass_id__in=stale).delete()
        missing = sorted(pair for pair in wanted if pair[0] in stale or pair not in present)
        # A long history has tens of thousands of these: one COPY instead of as many rows of an INSERT.
        with connection.cursor() as cursor:
            underlying: Any = cursor.cursor
            table = f"{_HOLDING} (contentclass_id, release_id)"
            with connection.wrap_database_errors, underlying.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write("".join([f"{class_id}\t{release_id}\n" for class_id, release_id in missing]))

    def _add_under(self, added: Collection[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {_HOLDING} (contentclass_id, release_id) SELECT held.contentclass_id, added.release_id"  # noqa: S608 -- our own tables
                f" FROM (SELECT DISTINCT h.contentclass_id FROM {_HOLDING} h"
                f" JOIN {ContentClass._meta.db_table} c ON c.id = h.contentclass_id"
                " WHERE h.release_id = ANY(%s) AND c.repository_id = %s) held,"
                " unnest(%s::bigint[]) AS added(release_id) ON CONFLICT DO NOTHING",
                [list(self.under), self.repository.pk, list(added)],
            )


def prepare(repository: Repository, mirror: Mirror, tips: Mapping[int, str]) -> ContentsUpdate:
    """Compute the classes for releases at `tips` (bit → commit), and make the rows of new classes.

    A commit that the mirror has lost is looked up in the stored history instead.
    """
    bits_of = membership(mirror, tips)
    if any(sha.encode() not in bits_of for sha in tips.values()):
        for sha, bits in _from_database(repository, tips).items():
            bits_of[sha] = bits_of.get(sha, 0) | bits
    rows = Commit.objects.filter(repository=repository).values_list("sha", "content_class_id")
    stored = {sha.encode(): class_id for sha, class_id in rows.iterator(chunk_size=CHUNK)}
    id_of = make_classes(repository, plan_classes(stored, bits_of))
    at_tips = {sha: bits_of.get(sha.encode(), 0) for sha in tips.values()}
    return ContentsUpdate(repository, at_tips, bits_of, stored, id_of)


def make_classes(repository: Repository, plan: Plan) -> dict[int, int]:
    """Make the rows that the plan wants; give the id of the class of each bitset."""
    id_of = {bits: class_id for class_id, bits in plan.keeps.items()}
    made = ContentClass.objects.bulk_create(
        [ContentClass(repository=repository) for _bits_of_class in plan.new], batch_size=CHUNK
    )
    return id_of | {bits: row.pk for bits, row in zip(plan.new, made, strict=True)}


def _from_database(repository: Repository, tips: Mapping[int, str]) -> dict[bytes, int]:
    rows = Commit.objects.filter(repository=repository).values_list("sha", "parents")
    parents = {sha.encode(): [parent.encode() for parent in parents] for sha, parents in rows}
    return from_graph(parents, {bit: sha.encode() for bit, sha in tips.items()})


def _parts(items: Sequence[tuple[bytes, int | None]], size: int) -> Iterator[Sequence[tuple[bytes, int | None]]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _bits(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
