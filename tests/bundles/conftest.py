"""The stick, for every test of this room."""

from pathlib import Path

import pytest

from tests.bundles.world import Stick
from tests.cast import Cast


@pytest.fixture
def stick(cast: Cast, tmp_path: Path) -> Stick:
    """Keys of Kari and Henrik, and the means to make signed releases."""
    return Stick(cast, tmp_path / "stick")
