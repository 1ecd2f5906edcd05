"""What the tests of this room stand on."""

from typing import Any

import pytest

from tests.artifacts import program
from tests.artifacts.world import World
from tests.cast import Cast


@pytest.fixture
def world(cast: Cast) -> World:
    """The cast, and whoever signs."""
    return World(cast)


@pytest.fixture
def minisign() -> str:
    """The real program."""
    found = program.executable()
    if found is None:
        pytest.skip(program.MISSING)
    return found


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says once, loudly, that there was no minisign."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(program.MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_sep("!", program.MISSING, red=True, bold=True)
