"""Addresses of this room's pages."""

from django.urls import URLPattern, URLResolver

app_name = "frontline_feedback"
urlpatterns: list[URLPattern | URLResolver] = []
