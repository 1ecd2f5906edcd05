"""The languages of notes, and a release's notes in one of them, honest about what is missing or out of date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from releases.models import NotesTranslation, Release

SOURCE: Final = "en"
OTHERS: Final[tuple[str, ...]] = tuple(code for code, _name in settings.LANGUAGES if code != SOURCE)
ALL: Final = (SOURCE, *OTHERS)


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes as they are shown. `language` is the text's own, whatever was asked for."""

    text: str
    language: str
    asked: str
    stale: bool = False

    @property
    def falls_back(self) -> bool:
        """Tell whether there is none in the language that was asked for."""
        return self.language != self.asked


def digest_of(text: str) -> str:
    """Give what tells two versions of a text apart."""
    return hashlib.sha256(text.encode()).hexdigest()


def notes_in(release: Release, language: str) -> Notes:
    """Give the notes in `language`, or the English ones where there are none in it. One query, none for English."""
    asked = language if language in ALL else SOURCE
    if asked != SOURCE:
        found = NotesTranslation.objects.filter(release=release, language=asked).first()
        stale = found is not None and found.source_digest != digest_of(release.notes)
        # What nobody has translated by hand is worth nothing any more once somebody has written the English by hand.
        if found is not None and found.text and not (stale and found.generated):
            return Notes(found.text, asked, asked, stale=stale)
    return Notes(release.notes, SOURCE, asked)


def plain_text(markdown: str) -> str:
    """Give notes as plain text: no signs of Markdown but the list's dashes, headings underlined."""
    lines: list[str] = []
    for line in markdown.splitlines():
        mark, _space, words = line.partition(" ")
        if mark and set(mark) == {"#"}:
            words = _unescaped(words)
            lines += [words, ("=" if mark == "#" else "-") * len(words)]
        else:
            lines.append(_unescaped(line))
    return "\n".join(lines).strip() + "\n"


def _unescaped(text: str) -> str:
    """Take away the backslashes of `notes.escape`, and the stars of bold words."""
    result, marked = [], False
    for letter in text:
        if letter == "\\" and not marked:
            marked = True
            continue
        if letter != "*" or marked:
            result.append(letter)
        marked = False
    return "".join(result)
