"""What is said of releases in several languages: notes, and the words that translators agree on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.shipping import Release
from releases.querysets import TermQuerySet


class NotesTranslation(models.Model):
    """A release's notes in a language other than English."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="notes_translations")
    language = models.CharField(max_length=5)
    text = models.TextField()
    generated = models.BooleanField()
    # Of the English notes that it was made from: another one by now means that it is out of date.
    source_digest = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "language"], name="notes_translation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} ({self.language})"


class Term(models.Model):
    """A word of a programme's glossary: how translators of notes say it in each language."""

    journal_type: ClassVar[str] = "term"

    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="terms")
    en = models.CharField(_("English"), max_length=120)
    uk = models.CharField(_("Ukrainian"), max_length=120, blank=True)
    nb = models.CharField(_("Norwegian"), max_length=120, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["en"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "en"], name="term_once"),
        ]

    def __str__(self) -> str:
        return self.en
