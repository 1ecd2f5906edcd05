"""What the supervisor says on the terminal: short lines for people; the rest is in the log files."""

import contextlib
import sys
from collections.abc import Sequence


def say(name: str, text: str) -> None:
    """Print one line of one process."""
    _print(f"  {name:<9} {text}")


def announce(address: str, sign_ins: Sequence[Sequence[str]]) -> None:
    """Print where the house is, and who can sign in to the demo."""
    _print(f"\nFieldloop is at {address}")
    if sign_ins:
        _print("\nSign in to the demo as (everyone of them exists on this machine only):")
        rows = [("username", "password", "role", "team"), *sign_ins]
        widths = [max(len(str(row[column])) for row in rows) for column in range(4)]
        for row in rows:
            cells = (str(cell).ljust(width) for cell, width in zip(row, widths, strict=True))
            _print(("  " + "  ".join(cells)).rstrip())
    _print("\nCtrl-C stops everything.\n")


def refuse(message: str) -> None:
    """Print the one line that says why Fieldloop does not run."""
    with contextlib.suppress(OSError):
        print(f"fieldloop: {message}", file=sys.stderr, flush=True)


def _print(line: str) -> None:
    # A closed terminal is no reason to stop the house.
    with contextlib.suppress(OSError):
        print(line, flush=True)
