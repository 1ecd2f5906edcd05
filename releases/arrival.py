"""One fetch on its way into the database: first the commits, in chunks; then, at once, all that stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from releases.actions.draft_releases import draft_releases
from releases.arrivals import raise_alarms, store_ref_events
from releases.companions import Joining, join
from releases.contents import newest_first
from releases.contents_growth import prepare_growth
from releases.contents_update import ContentsUpdate, prepare
from releases.corrections import bring_up_to_date
from releases.git.graph import commits_in_graph
from releases.git.history import shape_history
from releases.git.mirror import default_branch, keep
from releases.git.refs import Ref, RefChange
from releases.git.run import Mirror
from releases.ingest import Ingest
from releases.kinds import RepositoryFetched
from releases.locking import locked_repository
from releases.models import Commit, Fetch, Release, Repository
from releases.news import new_in
from releases.notes import notes_of
from releases.parts import tips_of
from releases.progress import Progress
from releases.versions import Tip, in_order


class Arrival:
    """Takes in what a mirror has brought. `progress` is told a step and a count."""

    def __init__(self, actor: Actor, repository: Repository, mirror: Mirror, fetch: Fetch, progress: Progress) -> None:
        self._actor = actor
        self._repository = repository
        self._mirror = mirror
        self._fetch = fetch
        self._progress = progress
        self._drafted: list[Release] = []

    def take_in(
        self,
        *,
        refs: Mapping[str, Ref],
        known: Iterable[str],
        found: Sequence[RefChange],
        tips: Sequence[Tip],
        joins: Sequence[Joining] = (),
    ) -> Fetch:
        """Store everything reachable from `refs` and not from the `known` objects; `found` is what moved.

        `tips` become releases, and `joins` are added to releases of other repositories.
        """
        releases = tips_of(self._repository)
        fresh = [*(tip.sha for tip in tips), *(one.tip.sha for one in joins)]
        at_bit = dict(enumerate([*(sha for _pk, sha in releases), *fresh]))
        update = self._prepare(releases, fresh, at_bit) if fresh else None
        keep(self._mirror, at_bit.values())
        self._read_commits(refs, known, update)
        branch = default_branch(self._mirror) if self._fetch.imported else ""
        self._progress("releases", len(tips))
        with transaction.atomic():
            self._repository = locked_repository(self._repository)
            store_ref_events(self._fetch, found)
            raise_alarms(self._actor, self._repository, found)
            if update is not None:
                self._draft(tips, joins, update, at_bit, [pk for pk, _sha in releases])
            bring_up_to_date(self._repository, new_releases=bool(fresh))
            self._write_notes()
            self._finish(branch)
        return self._fetch

    def _prepare(
        self, releases: Sequence[tuple[int, str]], fresh: list[str], at_bit: Mapping[int, str]
    ) -> ContentsUpdate:
        grown = prepare_growth(self._repository, self._mirror, releases, fresh) if releases else None
        return grown or prepare(self._repository, self._mirror, at_bit)

    def _read_commits(self, refs: Mapping[str, Ref], known: Iterable[str], update: ContentsUpdate | None) -> None:
        # Of a first fetch it is known how many there are; later ones are short.
        total = commits_in_graph(self._mirror.path) if self._fetch.imported else 0
        self._progress("commits", 0, total)
        new = [ref.commit for ref in refs.values() if ref.commit]
        with Ingest(
            self._fetch,
            class_of=update.class_of if update else lambda shas: [b""] * len(shas),
            progress=lambda count: self._progress("commits", count, total),
        ) as ingest:
            for rows in shape_history(self._mirror, new=new, known=known, shape=ingest.rows):
                ingest.take(rows)

    def _draft(
        self,
        tips: Sequence[Tip],
        joins: Sequence[Joining],
        update: ContentsUpdate,
        at_bit: Mapping[int, str],
        known: list[int],
    ) -> None:
        shas = {tip.sha for tip in (*tips, *(one.tip for one in joins))}
        rows = Commit.objects.filter(repository=self._repository, sha__in=shas).defer("body")
        commits = {commit.sha: commit for commit in rows}
        dates = {sha: commit.committed_at for sha, commit in commits.items()}
        fresh = {bit: at_bit[bit] for bit in range(len(known), len(known) + len(tips))}
        ordered = in_order(tips, committed=dates, ancestors=update.ancestors(fresh))
        releases = draft_releases(actor=self._actor, repository=self._repository, tips=ordered, commits=commits)
        drafted = dict(zip(ordered, releases, strict=True))
        joined = set(join(self._actor, self._repository, joins, commits)) if joins else set()
        arriving = [*(drafted[tip].pk for tip in tips), *(one.release_id for one in joins)]
        # What could not join any more has a bit and no meaning.
        added = {bit: pk for bit, pk in enumerate(arriving, len(known)) if bit < len(known) + len(tips) or pk in joined}
        update.apply(dict(enumerate(known)) | added, list(added.values()))
        self._drafted = releases

    def _write_notes(self) -> None:
        news = [release for release in self._drafted if not release.imported]
        for release in news:
            told = newest_first(new_in(release)).values_list("sha", "subject", "body", "parents", named=True)
            release.notes = notes_of(told.iterator())
        Release.objects.bulk_update(news, ["notes"], batch_size=50)

    def _finish(self, branch: str) -> None:
        now = clock.now()
        fetch, repository = self._fetch, self._repository
        fetch.commits_count = Commit.objects.filter(fetch=fetch).count()
        fetch.done_at = now
        fetch.save(update_fields=["commits_count", "done_at"])
        if fetch.imported:
            repository.imported_at = now
            repository.default_branch = branch[:200] or repository.default_branch
            repository.save(update_fields=["imported_at", "default_branch"])
        record(
            RepositoryFetched(fetch_id=fetch.pk, commits=fetch.commits_count, imported=fetch.imported),
            subject=repository,
            actor=self._actor,
        )
