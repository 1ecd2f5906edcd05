"""What our own processes do to the ones that they start."""

from __future__ import annotations

import ctypes
import signal
import sys
from typing import Final

# Found before anything is forked: a child does as little as it can.
_LIBC: Final = ctypes.CDLL(None)
_PR_SET_PDEATHSIG: Final = 1


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends, even where that is killed with -9; Linux only."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
