"""Takes whole histories in and compares them with git, on a database of its own: `python -m tests.releases FOLDER`."""

import sys

from tests.bench import ground

if __name__ == "__main__":
    with ground.database():
        from tests.releases.histories import figures

        for line in figures(sys.argv[1]):
            sys.stdout.write(line)
            sys.stdout.flush()
