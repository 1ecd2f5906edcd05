"""Addresses of this room's pages."""

from django.urls import path

# Importing the keys registers the converter <ticket_key:pk>.
from frontline_feedback import keys  # noqa: F401 -- registers the converter of ticket keys
from rnd.loop import views, views_matrix, views_next, views_releases, views_verdicts

app_name = "loop"
_RELEASE = "releases/<slug:component>/<str:version>/"
urlpatterns = [
    path("", views.home, name="home"),
    path("tickets/", views.tickets, name="ticket_list"),
    path("<ticket_key:pk>", views.ticket, name="ticket"),
    path("<ticket_key:pk>/in", views.fix_in, name="fix_in"),
    path("<ticket_key:pk>/say-fixed", views_releases.say_fixed, name="say_fixed"),
    path("traceability/", views_matrix.page, name="matrix"),
    path("traceability/matrix.<str:form>", views_matrix.download, name="matrix_file"),
    path("next-release/<slug:component>/", views_next.next_release, name="next_release"),
    path("is-fixed/", views_releases.is_fixed, name="is_fixed"),
    path("verdicts/", views_verdicts.verdicts, name="verdicts"),
    path(f"{_RELEASE}verdicts/", views_verdicts.release_verdicts, name="release_verdicts"),
    path(f"{_RELEASE}fixes/", views_releases.release_fixes, name="release_fixes"),
    path(f"{_RELEASE}compare/", views_releases.compare, name="compare"),
]
