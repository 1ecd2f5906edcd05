"""Addresses of this room: the git hosts' door, and the page for people."""

from django.urls import path

from releases.hooks import views

app_name = "hooks"
urlpatterns = [
    path("hooks/git/<slug:slug>/", views.receive, name="receive"),
    path("repositories/<slug:slug>/hook/", views.hook, name="hook"),
    path("repositories/<slug:slug>/hook/panel/", views.panel, name="panel"),
    path("repositories/<slug:slug>/hook/secret/", views.secret, name="secret"),
    path("repositories/<slug:slug>/hook/revoke/", views.revoke, name="revoke"),
]
