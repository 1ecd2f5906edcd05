"""Addresses of this room's pages."""

from django.urls import URLPattern, URLResolver

app_name = "loop"
urlpatterns: list[URLPattern | URLResolver] = []
