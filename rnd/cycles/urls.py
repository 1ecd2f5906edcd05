"""Addresses of this room's pages."""

from django.urls import path

from rnd.cycles import views

app_name = "cycles"
urlpatterns = [
    path("reports/", views.report, name="reports"),
    path("reports/tickets/", views.report_tickets, name="report_tickets"),
]
