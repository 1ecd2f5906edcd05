#!/usr/bin/env python3
"""The command line of Fieldloop: `manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rnd.settings")
    from django.core.management import execute_from_command_line

    from foundation.embedded import environment

    environment.adopt()  # in another terminal, commands reach the house that `make run` runs

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
