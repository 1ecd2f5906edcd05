"""Release notes in Markdown, written from commits: what they fix, what they take back, what else changed.

This floor knows no tickets and tasks: it finds their keys in the messages. Whoever shows the notes links them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Protocol

from django.utils.translation import gettext as _

from releases.git.trailers import Reading, keys_in, read_message

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


def notes_of(commits: Iterable[CommitLike]) -> str:
    """Give the notes for these commits, in their order; merges that name no key are left out."""
    groups: dict[str, list[str]] = {"fixes": [], "tasks": [], "reverts": [], "other": []}
    left_out = written = 0
    for commit in commits:
        if written >= MAX_LINES and len(commit.parents) < 2:
            left_out += 1  # counted without being read: there may be tens of thousands
            continue
        reading = read_message(f"{commit.subject}\n\n{commit.body}")
        if len(commit.parents) > 1 and not reading.links:
            continue
        if written >= MAX_LINES:
            left_out += 1
            continue
        written += 1
        groups[_group(reading)].append(_line(commit.subject, reading))
    titles = {
        "fixes": _("Fixed"),
        "tasks": _("Worked on"),
        "reverts": _("Taken back"),
        "other": _("Other changes"),
    }
    parts = [f"# {titles[group]}\n\n" + "\n".join(lines) for group, lines in groups.items() if lines]
    if left_out:
        parts.append(_("… and %(count)s further changes.") % {"count": left_out})
    return "\n\n".join(parts) or _("Nothing new.")


def _line(subject: str, reading: Reading) -> str:
    """Give a list item: the subject, and the keys that only the rest of the message names."""
    named = keys_in(subject)
    keys = [link.key for link in reading.links if link.key not in named]
    return f"- {escape(subject)} ({', '.join(keys)})" if keys else f"- {escape(subject)}"


def escape(text: str) -> str:
    """Give `text` so that Markdown shows it as it is (it was written by anyone)."""
    return _SPECIAL.sub(r"\\\1", text)


def _group(reading: Reading) -> str:
    if reading.is_revert or reading.reverts or any(link.verb == "reverts" for link in reading.links):
        return "reverts"
    if any(link.verb in _FIXING for link in reading.links):
        return "fixes"
    return "tasks" if reading.links else "other"
