"""Addresses of this room's pages."""

from django.urls import URLPattern, URLResolver, path

from . import health

app_name = "embedded"
urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.show_metrics, name="metrics"),
]
