"""Addresses of this room's pages."""

from django.urls import URLPattern, URLResolver, path

from foundation.catalogue.views import programmes, things

app_name = "catalogue"
urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue/", things.catalogue, name="catalogue"),
    path("catalogue/add-programme/", programmes.programme_add, name="programme_add"),
    path("catalogue/add-platform/", things.platform_add, name="platform_add"),
    path("catalogue/add-component/", things.component_add, name="component_add"),
    path("catalogue/programmes/<slug:slug>/", programmes.programme, name="programme"),
    path("catalogue/programmes/<slug:slug>/teams/", programmes.team_join, name="team_join"),
    path("catalogue/programmes/<slug:slug>/teams/<slug:team_slug>/leave/", programmes.team_leave, name="team_leave"),
    path("catalogue/platforms/<slug:slug>/", things.platform, name="platform"),
    path("catalogue/platforms/<slug:slug>/hardware/", things.revision_add, name="revision_add"),
    path("catalogue/components/<slug:slug>/", things.component, name="component"),
    path("catalogue/hardware/<int:pk>/", things.revision, name="revision"),
]
