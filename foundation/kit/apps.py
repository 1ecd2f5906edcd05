"""The Django app that carries the kit's templates, commands and the table of idempotent answers."""

from django import forms
from django.apps import AppConfig


class KitConfig(AppConfig):
    """Floor 1 furniture shared by every room."""

    name = "foundation.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the words of the badges that every room shows, and let every refused choice be named."""
        from foundation.kit.words import register_words

        register_words()
        # Django names a refused value where choices are listed, but not where they are rows: we do in both, in the
        # words that it has translated already.
        said = forms.ChoiceField.default_error_messages["invalid_choice"]
        forms.ModelChoiceField.default_error_messages["invalid_choice"] = said
