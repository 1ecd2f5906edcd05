"""The stick, for every test of this room."""

from pathlib import Path
from typing import Any

import pytest

from tests.artifacts import program
from tests.bundles.site import forget_the_origin
from tests.bundles.world import Stick
from tests.cast import Cast


@pytest.fixture
def stick(cast: Cast, tmp_path: Path) -> Stick:
    """Keys of Kari and Henrik, and the means to make signed releases."""
    return Stick(cast, tmp_path / "stick")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says once, loudly, that there was no minisign."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(program.MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_sep("!", program.MISSING, red=True, bold=True)


@pytest.fixture
def content(stick: Stick) -> bytes:
    """A good bundle of 1.0, at a site that has never heard of it."""
    data = stick.tar(stick.published()).read_bytes()
    forget_the_origin()
    return data
