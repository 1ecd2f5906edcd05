"""How much memory there is for everything that runs here."""

import os
from pathlib import Path
from typing import Final

LIMIT: Final = Path("/sys/fs/cgroup/memory.max")


def memory_of_machine() -> int:
    """Give the bytes of memory that the machine has, or the container's limit where that is less."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = LIMIT.read_text().strip()
    except OSError:
        return whole
    return min(whole, int(limit)) if limit.isdecimal() else whole
