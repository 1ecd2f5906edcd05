"""What ends a process of a rebuild with the one that started it, even where that is killed with -9."""

from __future__ import annotations

import os
import signal
from multiprocessing import parent_process

from foundation.kit.processes import die_with_parent


def bind() -> None:
    """Let the kernel kill this process when its parent ends, and leave Ctrl-C to the command that leads the rebuild.

    The others hold what tells the fork server that nobody needs it any more, and wait for work themselves.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    leader = parent_process()
    if leader is not None and not leader.is_alive():
        os._exit(1)  # it ended before the kernel was told
