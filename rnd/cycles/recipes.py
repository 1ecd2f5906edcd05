"""What a kept report was asked for, and how what is kept is forgotten when a promise or a baseline makes it untrue."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final
from zlib import crc32

from django.core.cache import cache
from django.utils import timezone

from rnd.cycles.clock import DEFINITION
from rnd.cycles.documents import Chart, Column, Document, Figure, Level, Note, Row, Section, Series, Table

# The name under which the cache has the recipes of all that is kept.
ALL: Final = "cycles.kept"


def _shape() -> str:
    parts = (Document, Section, Note, Figure, Table, Column, Row, Chart, Series, Level)
    return f"{crc32(repr([[one.name for one in fields(part)] for part in parts]).encode()):08x}"


# What an older version kept has other parts, and cannot be read.
SHAPE: Final = _shape()


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is asked for: a page over whole programmes, in a language."""

    report: str
    programmes: tuple[int, ...]
    query: str
    language: str

    @property
    def key(self) -> str:
        """The name under which the cache has it."""
        programmes = "-".join(map(str, self.programmes))
        return f"{ALL}.{DEFINITION}.{SHAPE}.{self.report}.{self.language}.{programmes}.{self.query}"

    @property
    def drawn_key(self) -> str:
        """The name under which the cache has the bytes that are drawn of it for readers in the present time zone."""
        return f"{self.key}.bytes.{timezone.get_current_timezone_name()}"

    @property
    def stamp_key(self) -> str:
        """The name under which the cache has as of when the document is that it has."""
        return f"{self.key}.stamp"

    @property
    def read_key(self) -> str:
        """The name of the mark that somebody read it lately."""
        return f"{self.key}.read"


def forget(programme: int) -> None:
    """Let the next reader of anything about this programme have it put together anew."""
    about = [recipe for recipe in cache.get(ALL, ()) if programme in recipe.programmes]
    cache.delete_many([key for recipe in about for key in (recipe.key, recipe.stamp_key)])
