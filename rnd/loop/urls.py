"""Addresses of this room's pages."""

from django.urls import path

# Importing the keys registers the converter <ticket_key:pk>.
from frontline_feedback import keys  # noqa: F401
from rnd.loop import views

app_name = "loop"
urlpatterns = [
    path("", views.home, name="home"),
    path("tickets/", views.tickets, name="ticket_list"),
    path("<ticket_key:pk>", views.ticket, name="ticket"),
    path("<ticket_key:pk>/in", views.fix_in, name="fix_in"),
    path("releases/<slug:component>/<str:version>/fixes/", views.release_fixes, name="release_fixes"),
]
