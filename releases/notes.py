"""Release notes in Markdown, written from commits: what they fix, what they take back, what else changed.

This floor knows no tickets and tasks: it finds their keys in the messages and links them as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from django.utils.translation import gettext as _

from releases.git.trailers import Reading, read_message

MAX_LINES: Final = 300
_FIXING: Final = frozenset({"fixes", "closes", "resolves"})
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#+!|~&])")


class CommitLike(Protocol):
    """What notes need of a commit."""

    @property
    def sha(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def parents(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One commit as the notes tell it."""

    text: str
    keys: tuple[str, ...]
    sha: str

    @property
    def markdown(self) -> str:
        """A list item: the subject, and links to the keys that its message names."""
        links = ", ".join(f"[{key}](/{key})" for key in self.keys)
        return f"- {self.text}{f' ({links})' if links else ''}"


def notes_of(commits: Iterable[CommitLike]) -> str:
    """Give the notes for these commits, in their order; merges that name no key are left out."""
    groups: dict[str, list[Line]] = {"fixes": [], "tasks": [], "reverts": [], "other": []}
    left_out = written = 0
    for commit in commits:
        reading = read_message(f"{commit.subject}\n\n{commit.body}")
        if len(commit.parents) > 1 and not reading.links:
            continue
        if written >= MAX_LINES:
            left_out += 1
            continue
        written += 1
        line = Line(escape(commit.subject), tuple(link.key for link in reading.links), commit.sha)
        groups[_group(reading)].append(line)
    titles = {
        "fixes": _("Fixed"),
        "tasks": _("Worked on"),
        "reverts": _("Taken back"),
        "other": _("Other changes"),
    }
    parts = [
        f"## {titles[group]}\n\n" + "\n".join(line.markdown for line in lines)
        for group, lines in groups.items()
        if lines
    ]
    if left_out:
        parts.append(_("… and %(count)s further changes.") % {"count": left_out})
    return "\n\n".join(parts) or _("Nothing new.")


def escape(text: str) -> str:
    """Give `text` so that Markdown shows it as it is (it was written by anyone)."""
    return _SPECIAL.sub(r"\\\1", text)


def _group(reading: Reading) -> str:
    if reading.is_revert or reading.reverts or any(link.verb == "reverts" for link in reading.links):
        return "reverts"
    if any(link.verb in _FIXING for link in reading.links):
        return "fixes"
    return "tasks" if reading.links else "other"
