"""`python -m foundation.embedded`: run the whole house on this machine. `make run` does this."""

import logging
import os
import sys

from . import terminal
from .errors import SetupError
from .supervisor import Supervisor


def main() -> int:
    """Run until told to stop; the exit code says whether it could."""
    logging.raiseExceptions = False  # a full disk stops the log files, and nothing else
    try:
        Supervisor(os.environ).run()
    except SetupError as error:
        terminal.refuse(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
