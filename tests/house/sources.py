"""Lists the project's own files, for the house tests that read them."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FLOORS: Final = ("foundation", "releases", "frontline_feedback", "rnd")


def modules(*folders: str) -> Iterator[Path]:
    """Give every Python file of the folders, without migrations."""
    for folder in folders or (*FLOORS, "tests"):
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    """Give every template of the house."""
    for floor in FLOORS:
        yield from (
            path
            for path in sorted((ROOT / floor).rglob("*"))
            if "templates" in path.parts and path.is_file() and path.suffix in {".html", ".txt", ".svg"}
        )


def tree(path: Path) -> ast.Module:
    """Give the file as Python reads it."""
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    """Give the file's name from the project's root."""
    return path.relative_to(ROOT).as_posix()
