"""Addresses of this room's pages."""

from django.urls import path

from releases import (
    views_companions,
    views_field,
    views_notes,
    views_pictures,
    views_relations,
    views_releases,
    views_repositories,
)
from releases.feeds import ReleaseFeed

app_name = "releases"
_RELEASE = "releases/<slug:component>/<str:version>/"
urlpatterns = [
    path("releases/", views_releases.release_list, name="release_list"),
    path("releases/<slug:component>/latest/", views_releases.latest, name="latest"),
    path("releases/<slug:component>/latest/notes.<str:form>", views_notes.latest_notes, name="latest_notes"),
    path("releases/<slug:component>/feed/<slug:channel>/", ReleaseFeed(), name="feed"),
    path("releases/<slug:component>/graph/", views_pictures.graph, name="graph"),
    path("glossary/", views_notes.glossary, name="glossary"),
    path("glossary/set/", views_notes.glossary_set, name="glossary_set"),
    path("backports/", views_relations.relation_list, name="relation_list"),
    path("backports/<int:pk>/decide/", views_relations.relation_decide, name="relation_decide"),
    path("repositories/<slug:slug>/patterns/", views_relations.patterns, name="patterns"),
    path(_RELEASE, views_releases.release, name="release"),
    path(f"{_RELEASE}notes.<str:form>", views_notes.text, name="notes_text"),
    path(f"{_RELEASE}notes/read/", views_notes.read, name="notes_read"),
    path(f"{_RELEASE}notes/in/<slug:language>/", views_notes.translate, name="notes_translate"),
    path(f"{_RELEASE}propose/", views_releases.propose, name="propose"),
    path(f"{_RELEASE}approve/", views_releases.approve, name="approve"),
    path(f"{_RELEASE}publish/", views_releases.publish, name="publish"),
    path(f"{_RELEASE}withdraw/", views_releases.withdraw, name="withdraw"),
    path(f"{_RELEASE}companions/", views_companions.companion, name="companion"),
    path(f"{_RELEASE}companions/<slug:repository>/remove/", views_companions.companion_remove, name="companion_remove"),
    path(f"{_RELEASE}notes/", views_releases.notes, name="notes"),
    path(f"{_RELEASE}notes/generate/", views_releases.generate, name="generate_notes"),
    path("repositories/", views_repositories.repository_list, name="repository_list"),
    path("repositories/add/", views_repositories.add, name="repository_add"),
    path("repositories/<slug:slug>/", views_repositories.repository, name="repository"),
    path("repositories/<slug:slug>/fetch/", views_repositories.fetch, name="repository_fetch"),
    path("repositories/<slug:slug>/progress/", views_repositories.progress, name="repository_progress"),
    path("repositories/<slug:slug>/bundle/", views_repositories.bundle, name="repository_bundle"),
    path("channels/", views_field.channels, name="channels"),
    path("channels/subscribe/", views_field.subscribe, name="subscribe"),
    path("installations/", views_field.installation_list, name="installation_list"),
    path("installations/report/", views_field.report, name="installation_report"),
]
