"""Keeps the corrections to plain ancestry: what releases hold of changes that were taken back or brought again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from foundation.kit.transactions import lock
from releases.effects import Effects, History, Moves, Net, effects_of
from releases.models import Commit, Correction, Relation, Release, Repository
from releases.parts import parts_of_all
from releases.relations import read_relations

CHUNK: Final = 5000
_Row = tuple[int, int, bool, int | None]


def bring_up_to_date(repository: Repository, *, new_releases: bool) -> None:
    """Read what new commits take back or bring again, and correct the contents of the component's releases.

    The caller has the transaction and the repository's lock. Costs nothing where nothing takes anything back.
    """
    if read_relations(repository) or (
        new_releases and Relation.objects.filter(component=repository.component_id).counting().exists()
    ):
        correct(repository.component_id)


def correct(component_id: int) -> None:
    """Write the corrections of a component anew; only rows that differ are touched."""
    lock(f"corrections of component {component_id}")
    wanted = set(_corrections(component_id))
    stored = Correction.objects.filter(release__component=component_id)
    present = {row[1:]: row[0] for row in stored.values_list("pk", "commit_id", "release_id", "holds", "by_id")}
    stale = [pk for row, pk in present.items() if row not in wanted]
    for start in range(0, len(stale), CHUNK):
        Correction.objects.filter(pk__in=stale[start : start + CHUNK]).delete()
    Correction.objects.bulk_create(
        [
            Correction(commit_id=commit, release_id=release, holds=holds, by_id=by)
            for commit, release, holds, by in sorted(wanted - present.keys(), key=lambda row: row[:2])
        ],
        batch_size=CHUNK,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Whether a commit is in effect somewhere, and whether it is there at all as git has it."""

    holds: bool
    inside: bool
    by: Commit | None


def held_at(component_id: int, sha: str, commits: Collection[Commit]) -> dict[int, Held]:
    """Tell for each commit id whether it is in effect at commit `sha`, which need not be a release.

    Reads the component's whole graph: for one question at a time.
    """
    wanted = {commit.sha: commit.pk for commit in commits}
    reader = _reader(component_id, wanted)
    found = {row[0]: row[2:] for row in reader.verdicts({0: [sha]}) if row[0] in set(wanted.values())}
    by = Commit.objects.in_bulk([pk for *_rest, pk in found.values() if pk])
    return {
        commit.pk: Held(holds, inside, by.get(pk or 0))
        for commit in commits
        for holds, inside, pk in [found.get(commit.pk, (False, False, None))]
    }


def _corrections(component_id: int) -> Iterator[_Row]:
    parts = parts_of_all(Release.objects.filter(component=component_id).values_list("pk", flat=True))
    tips = {release: [part.sha for part in mine] for release, mine in parts.items()}
    if tips and Relation.objects.filter(component=component_id).counting().exists():
        for commit, release, holds, inside, by in _reader(component_id).verdicts(tips):
            if holds != inside:
                yield commit, release, holds, by


def _reader(component_id: int, wanted: Iterable[str] = ()) -> _Reader:
    """Give a reader of the component's history, for what is related and what is `wanted` beside."""
    relations = Relation.objects.filter(component=component_id).counting()
    named: dict[str, dict[str, list[str]]] = {"reverts": defaultdict(list), "copies": defaultdict(list)}
    for kind, sha, other in relations.order_by("pk").values_list("kind", "commit__sha", "other__sha"):
        named[kind][sha].append(other)
    graph = dict(Commit.objects.filter(repository__component=component_id).values_list("sha", "parents"))
    history = History(graph)
    effects = effects_of(named["reverts"], named["copies"], brought=history.brought)
    for change in {change for mine in effects.values() for change in mine} | set(wanted):
        effects.setdefault(change, {change: True})
    return _Reader(component_id, history, effects, history.whole(named["reverts"], named["copies"]))


def _joined(nets: Iterable[Net]) -> Net:
    on = met = 0
    for net in nets:
        on |= net.on
        met |= net.met
    return Net(on, met)


class _Reader:
    """Asks the history for the net of each release, and tells where it differs from ancestry."""

    def __init__(
        self, component_id: int, history: History, effects: dict[str, Effects], whole: dict[str, Moves]
    ) -> None:
        # In the history's own order, so that the highest bit is the last event.
        self.events = sorted((sha for sha in effects if sha in history.place), key=history.place.__getitem__)
        self.effects = effects
        self.history, self.whole = history, whole
        self.bit = {change: 1 << n for n, change in enumerate(sorted({c for mine in effects.values() for c in mine}))}
        self.ids: dict[str, list[int]] = defaultdict(list)
        known = Commit.objects.filter(repository__component=component_id, sha__in=self.events)
        for sha, pk in known.order_by("pk").values_list("sha", "pk"):
            self.ids[sha].append(pk)

    def verdicts(self, tips: Mapping[int, Sequence[str]]) -> Iterator[tuple[int, int, bool, bool, int | None]]:
        """Give (commit, number, is it in effect, is it an ancestor, by which commit where these differ).

        `tips` has the commits of each number: what holds at one of them holds.
        """
        masks = {sha: (self._mask(sha, on=True), self._mask(sha, on=False)) for sha in self.events}
        same: dict[tuple[int, int], int] = defaultdict(int)  # (change, on) → the events that do just that
        for number, sha in enumerate(self.events):
            for change, on in self.effects[sha].items():
                same[self.bit[change], on] |= 1 << number
        at = dict(enumerate({sha for shas in tips.values() for sha in shas}))
        net_at = {at[number]: net for number, net in self.history.net(masks, at, self.whole).items()}
        known = {number: [net_at[sha] for sha in shas if sha in net_at] for number, shas in tips.items()}
        nets = {number: _joined(found) for number, found in known.items() if found}
        for number, sha in enumerate(self.events):
            mine = [(self.bit[change], on) for change, on in self.effects[sha].items()]
            for release, net in nets.items():
                inside = bool(net.met >> number & 1)
                holds = all(bool(net.on & bit) == on for bit, on in mine) and (
                    inside or all(same[one] & net.met for one in mine)
                )
                by = self._by(mine, net, same, holds=holds) if holds != inside else None
                for pk in self.ids[sha]:
                    yield pk, release, holds, inside, by

    def _mask(self, sha: str, *, on: bool) -> int:
        return sum(self.bit[change] for change, way in self.effects[sha].items() if way == on)

    def _by(
        self, mine: Iterable[tuple[int, int]], net: Net, same: Mapping[tuple[int, int], int], *, holds: bool
    ) -> int | None:
        """Give the last commit in the release that made it so."""
        candidates = 0
        for bit, on in mine:
            if holds or bool(net.on & bit) != on:
                candidates |= same[bit, on if holds else not on] & net.met
        if not candidates:
            return None
        ids = self.ids[self.events[candidates.bit_length() - 1]]
        return ids[0] if ids else None
