"""A small process that outlives a killed supervisor just long enough to kill what its children started.

The kernel ends the supervisor's own children; a git process that a worker started would run on. So the
supervisor tells us each process group it starts ("+123") and has ended ("-123"); when its end of the pipe
closes, whatever is still listed is killed. Runs as a plain script, and so imports nothing of the project.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 2.0  # for a web request under way


def main() -> None:
    """Read the groups until the supervisor is gone, then kill those that are left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    if groups:
        time.sleep(GRACE_SECONDS)
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
