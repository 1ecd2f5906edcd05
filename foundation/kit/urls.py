"""Addresses of this room's pages."""

from django.urls import URLPattern, URLResolver, path

from foundation.kit.views_kit import kit

app_name = "kit"
urlpatterns: list[URLPattern | URLResolver] = [path("kit/", kit, name="kit")]
