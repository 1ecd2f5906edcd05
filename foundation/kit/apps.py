"""The Django app that carries the kit's templates, commands and the table of idempotent answers."""

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    """Floor 1 furniture shared by every room."""

    name = "foundation.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the words of the badges that every room shows, and let every refused choice be named."""
        from foundation.kit.words import register_words

        register_words()
        # Django names a refused value where choices are listed, but not where they are rows: we do in both.
        said = _("“%(value)s” is not one of the choices. Take one from the list.")
        for kind in (forms.ChoiceField, forms.ModelChoiceField):
            kind.default_error_messages["invalid_choice"] = said
