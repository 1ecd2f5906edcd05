"""Processes start quickly: what takes long to import is imported where it is used."""

import subprocess
import sys

from tests.house.sources import ROOT

# Grammars that compile for seconds, and whole worlds of numbers.
HEAVY = {"jsonschema", "lark", "duckdb", "matplotlib", "pandas"}
STARTS = """
import sys
import rnd.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_web_imports_nothing_that_takes_seconds() -> None:
    done = subprocess.run([sys.executable, "-c", STARTS], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert {"django", "releases"} <= imported
    assert not imported & HEAVY
