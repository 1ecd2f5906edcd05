"""Commits one by one, for tests that look at single ones."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from releases.git.history import Commits


class CommitRecord(NamedTuple):
    """One commit of a piece, in Python's own types."""

    sha: str
    parents: list[str]
    author: str
    author_email: str
    authored_at: datetime
    committed_at: datetime
    subject: str
    body: str


def records(pieces: Iterable[Commits]) -> list[CommitRecord]:
    """Give the commits of all pieces, in order."""
    found = []
    for piece in pieces:
        for row in zip(*piece, strict=True):
            sha, parents, author, email, authored, committed, subject, body = (value.decode() for value in row)
            moments = datetime.fromisoformat(authored), datetime.fromisoformat(committed)
            found.append(CommitRecord(sha, parents.split(), author, email, *moments, subject, body))
    return found
