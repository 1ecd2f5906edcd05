"""Addresses of this room's pages."""

from django.urls import URLPattern, URLResolver

app_name = "kit"
urlpatterns: list[URLPattern | URLResolver] = []
