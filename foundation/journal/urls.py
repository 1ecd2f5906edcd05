"""Addresses of this room's pages."""

from django.urls import path

from foundation.journal import views

app_name = "journal"
urlpatterns = [
    path("operations/", views.operations, name="operations"),
    path("operations/parked/<int:parked_id>/retry/", views.retry_parked, name="retry_parked"),
    path("operations/parked/<int:parked_id>/dismiss/", views.dismiss_parked, name="dismiss_parked"),
    path("operations/consumers/<str:consumer>/retry/", views.retry_halted, name="retry_halted"),
]
