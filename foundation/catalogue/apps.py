"""What: programmes, platforms, components, hardware revisions."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "foundation.catalogue"
    label = "catalogue"
