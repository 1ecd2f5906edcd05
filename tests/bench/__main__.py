"""`make bench`: every bench after another, each in a process of its own. Names choose: `python -m tests.bench web`."""

import subprocess
import sys
from typing import Final

BENCHES: Final = ("journal", "git", "artifacts", "web", "cycles")


def main(names: list[str]) -> int:
    """Run the named benches, or all; gives the first exit status that is not 0."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        sys.stderr.write(f"There is no bench {', '.join(unknown)}. There are: {', '.join(BENCHES)}.\n")
        return 2
    for name in names or BENCHES:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
