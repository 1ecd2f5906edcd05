"""Writes notes: by the room above that knows tickets, where `NOTES_WRITER` names one; else from commits alone."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from releases.contents import newest_first
from releases.models import Release
from releases.news import new_in
from releases.notes import notes_of


class Writer(Protocol):
    """What `NOTES_WRITER` names."""

    def __call__(self, release: Release, language: str) -> str:
        """Give the notes as Markdown; the language is active already."""


def written(release: Release, language: str) -> str:
    """Give the notes of `release` in the active language."""
    if settings.NOTES_WRITER:
        writer: Writer = import_string(settings.NOTES_WRITER)
        return writer(release, language)
    return notes_of(newest_first(new_in(release)))
