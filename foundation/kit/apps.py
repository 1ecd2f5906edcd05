"""The Django app that carries the kit's templates, commands and the table of idempotent answers."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Floor 1 furniture shared by every room."""

    name = "foundation.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the words of the badges that every room shows."""
        from foundation.kit.words import register_words

        register_words()
