"""A release's notes for a stick, in each language; what is missing or out of date in one says so at its top."""

from __future__ import annotations

from typing import Final

from releases.languages import notes_in as notes_of
from releases.models import Release

_LONGEST: Final = 500_000
_FALLBACK: Final = {
    "uk": "> Цих приміток немає українською. Нижче англійський текст.",
    "nb": "> Disse notatene finnes ikke på norsk. Her er den engelske teksten.",
}
_STALE: Final = {
    "uk": "> Англійський текст відтоді змінився; цей переклад може бути неповним.",
    "nb": "> Den engelske teksten er endret siden; denne oversettelsen kan mangle noe.",
}
_NONE: Final = {"en": "No notes.", "uk": "Приміток немає.", "nb": "Ingen notater."}


def notes_in(release: Release, language: str) -> bytes:
    """Give the notes in the language, as Markdown; where there are none in it, the English ones."""
    notes = notes_of(release, language)
    text = notes.text.strip()
    if not text:
        return f"# {release}\n\n{_NONE[language]}\n".encode()
    warning = _FALLBACK[language] if notes.falls_back else _STALE[language] if notes.stale else ""
    return "\n\n".join(filter(None, (f"# {release}", warning, f"{text[:_LONGEST]}\n"))).encode()
