"""A release's notes for a stick, in each language; what is not there in one says so at its top."""

from __future__ import annotations

from typing import Final

from releases.models import Release

_LONGEST: Final = 500_000
_FALLBACK: Final = {
    "en": "> These notes are not available in English. This is the text as it was written.",
    "uk": "> Цих приміток немає українською. Нижче текст мовою оригіналу.",
    "nb": "> Disse notatene finnes ikke på norsk. Her er teksten slik den ble skrevet.",
}
_NONE: Final = {"en": "No notes.", "uk": "Приміток немає.", "nb": "Ingen notater."}


def notes_in(release: Release, language: str) -> bytes:
    """Give the notes in the language, as Markdown; where there are none in it, the text that there is, and says so."""
    text = release.notes.strip()
    if not text:
        body = _NONE[language]
    elif language == "en":
        body = text
    else:
        body = f"{_FALLBACK[language]}\n\n{text}"
    return f"# {release}\n\n{body[:_LONGEST]}\n".encode()
