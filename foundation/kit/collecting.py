"""When Python looks for garbage that refers to itself: seldom, and not at all as a process ends.

A process of ours holds a million objects once it has imported everything. To look through them again and again while
they come, and three times more at the end, took as long as half of what a command does, and kept the house from
stopping at once.
"""

import atexit
import gc
from typing import Final

# Python's own is 700 new objects: less than one request makes.
NEW_OBJECTS: Final = 10_000


def collect_seldom() -> None:
    """Set this process up. What it frees by counting references, nearly everything, is freed as before."""
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)
