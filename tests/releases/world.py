"""A component with a real git repository behind it, for tests of verbs, pages and API."""

from __future__ import annotations

import shutil
import weakref
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from releases.actions.add_repository import add_repository
from releases.actions.approve_release import approve_release
from releases.actions.fetch_repository import fetch_repository
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.subscribe_team import subscribe_team
from releases.contents import commits_in
from releases.mirrors import mirror_path
from releases.models import Commit, Fetch, Release, Repository
from tests.cast import Cast
from tests.releases.gitbox import GitBox
from tests.snapshot import Addition, addition_of


@dataclass(slots=True)
class World:
    """The autopilot's repository: `box` is its origin; v1.0 was there before it was registered."""

    cast: Cast
    box: GitBox
    repository: Repository

    def fetch(self) -> Fetch | None:
        """Bring in what the origin has now."""
        return fetch_repository(actor=SYSTEM, repository=self.repository)

    def release(self, version: str) -> Release:
        """Give the release as it is now."""
        return Release.objects.select_related("component", "commit").get(version=version)

    def commit(self, sha: str) -> Commit:
        """Give the stored commit."""
        return Commit.objects.get(sha=sha)

    def draft(self, version: str, *messages: str) -> Release:
        """Commit, tag and fetch: a draft of `version`."""
        for message in messages or (f"Work for {version}",):
            self.box.commit(message)
        self.box.tag(f"v{version}")
        self.fetch()
        return self.release(version)

    def candidate(self, version: str) -> Release:
        """A draft that Kari has proposed."""
        return propose_release(actor=self.cast.actor("kari"), release=self.draft(version))

    def published(self, version: str, channel: str = "fleet") -> Release:
        """A candidate that Henrik has approved and published, to which North is subscribed."""
        release = approve_release(actor=self.cast.actor("henrik"), release=self.candidate(version))
        subscribe_team(actor=SYSTEM, team=self.cast.north, component=self.cast.autopilot, channel="fleet")
        return publish_release(actor=self.cast.actor("kari"), release=release, channel=channel)


def make_world(cast: Cast, folder: Path) -> World:
    """Make the repository, with one tagged commit, and register it: once a worker, then put back as it was."""
    global _kept  # noqa: PLW0603 -- of this worker
    if _kept is not None and _kept.added.fits():
        return _kept.put_back(cast, folder)
    if _kept is not None:
        return _made(cast, folder)
    found: list[World] = []
    added = addition_of(lambda: found.append(_made(cast, folder)))
    world = found[0]
    if added is not None:
        _kept = Kept(added, folder, world.box, world.repository.pk, Path(mkdtemp(prefix="fieldloop-world-")))
    return world


def _made(cast: Cast, folder: Path) -> World:
    box = GitBox(folder / "autopilot")
    box.commit("First light")
    box.tag("v1.0")
    repository = add_repository(actor=SYSTEM, component=cast.autopilot, url=str(box.path), name="Autopilot firmware")
    world = World(cast, box, repository)
    world.fetch()
    return world


class Kept:
    """A world's rows and files, to be had again in another folder."""

    def __init__(self, added: Addition, folder: Path, box: GitBox, repository: int, files: Path) -> None:
        self.added = added
        self._folder, self._commits, self._repository = folder, box.commits, repository
        self._files = files
        weakref.finalize(self, shutil.rmtree, files, ignore_errors=True)
        shutil.copytree(box.path, files / "box")
        shutil.copytree(mirror_path(Repository.objects.get(pk=repository)), files / "mirror")

    def put_back(self, cast: Cast, folder: Path) -> World:
        box = GitBox.copy_of(self._files / "box", folder / "autopilot", commits=self._commits)
        self.added.rows.put_back(instead=(f"{self._folder}/", f"{folder}/"))
        repository = Repository.objects.select_related("component").get(pk=self._repository)
        assert repository.fetched_at is not None
        assert repository.next_fetch_at is not None
        repository.next_fetch_at += clock.now() - repository.fetched_at  # as if it were fetched now
        repository.fetched_at = clock.now()
        repository.save(update_fields=["fetched_at", "next_fetch_at"])
        mirror = mirror_path(repository)
        shutil.copytree(self._files / "mirror", mirror)
        config = mirror / "config"
        config.write_text(config.read_text().replace(f"{self._folder}/", f"{folder}/"))
        return World(cast, box, repository)


_kept: Kept | None = None


def join(world: World, box: GitBox, name: str) -> World:
    """Register another repository for the same component, and bring it in."""
    repository = add_repository(actor=SYSTEM, component=world.cast.autopilot, url=str(box.path), name=name)
    other = replace(world, box=box, repository=repository)
    other.fetch()
    return other


def fork(world: World, path: Path) -> GitBox:
    """Take a copy of the world's repository as it is now."""
    box = GitBox(path)
    box.git("pull", "--quiet", "--no-rebase", str(world.box.path), "main")
    return box


def shas(release: Release) -> set[str]:
    """Give what a release holds, by the ids of the commits."""
    return set(commits_in(release).values_list("sha", flat=True))
