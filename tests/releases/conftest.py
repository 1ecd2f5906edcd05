"""Git for the tests of this room, and a component that is built from it."""

from pathlib import Path

import pytest

from releases.git.environment import Access
from tests.cast import Cast
from tests.releases.gitbox import GitBox, real_history
from tests.releases.world import World, join, make_world


@pytest.fixture
def box(tmp_path: Path) -> GitBox:
    """An empty repository."""
    return GitBox(tmp_path / "source")


@pytest.fixture
def access(box: GitBox) -> Access:
    """The way to that repository."""
    return Access(url=str(box.path), local=box.path, seconds=60)


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real history, as a bare repository."""
    return real_history(tmp_path_factory.mktemp("real") / "history.git")


@pytest.fixture
def world(cast: Cast, tmp_path: Path) -> World:
    """The autopilot's repository, registered and fetched once."""
    return make_world(cast, tmp_path)


@pytest.fixture
def boot(world: World, tmp_path: Path) -> World:
    """The autopilot's bootloader: a repository of its own that shares nothing; "v0.9" was there already."""
    box = GitBox(tmp_path / "bootloader")
    box.commit("Begin the bootloader")
    box.tag("v0.9")
    return join(world, box, "Bootloader")
