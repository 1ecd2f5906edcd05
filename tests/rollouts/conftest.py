"""The world of rollouts."""

import pytest

from tests.cast import Cast
from tests.rollouts.world import World, make_world


@pytest.fixture
def world(cast: Cast) -> World:
    """Four field teams that receive the autopilot's releases."""
    return make_world(cast)
