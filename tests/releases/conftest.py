"""Git for the tests of this room."""

from pathlib import Path

import pytest

from releases.git.environment import Access
from tests.releases.gitbox import GitBox, real_history


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
