"""A process of the house looks for garbage seldom, and ends at once."""

import gc
import subprocess
import sys

from foundation.embedded.environment import ROOT
from foundation.kit.collecting import NEW_OBJECTS


def test_every_process_looks_seldom() -> None:
    assert gc.get_threshold()[0] == NEW_OBJECTS


def test_nothing_is_looked_through_as_a_process_ends() -> None:
    # The first that is registered is the last that is called.
    script = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0)); import rnd"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
