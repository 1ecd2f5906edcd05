"""Addresses of this room's pages."""

from django.urls import path

from releases.bundles import views

app_name = "bundles"
_RELEASE = "releases/<slug:component>/<str:version>/"
urlpatterns = [
    path(f"{_RELEASE}bundle/", views.panel, name="panel"),
    path(f"{_RELEASE}bundle/download/", views.download, name="download"),
    path("sticks/", views.bundle_list, name="bundle_list"),
    path("sticks/import/", views.bundle_import, name="bundle_import"),
    path("sticks/receipts/", views.receipts, name="receipts"),
    path("sticks/receipts/kept/", views.kept, name="kept"),
    path("sticks/<int:pk>/", views.bundle, name="bundle"),
    path("sticks/<int:pk>/files/<str:name>", views.bundle_file, name="bundle_file"),
    path("sticks/<int:pk>/channel/", views.let_out, name="let_out"),
    path("sticks/<int:pk>/installed/", views.installed, name="installed"),
]
