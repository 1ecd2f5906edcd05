"""Addresses of this room's pages, below `reports/`."""

from django.urls import path

from rnd.cycles import views, views_files, views_levels, views_saved
from rnd.cycles.pages import PAGES

app_name = "cycles"
urlpatterns = [
    path("", views.page, {"report": "glance"}, name="reports"),
    path("tickets/", views.report_tickets, name="report_tickets"),
    path("levels/", views_levels.programmes, name="level_programmes"),
    path("levels/<slug:programme>/", views_levels.promises, name="levels"),
    path("levels/<slug:programme>/service-level/", views_levels.promise, name="set_service_level"),
    path("levels/<slug:programme>/baseline/", views_levels.compare, name="set_baseline"),
    path("levels/<slug:programme>/people/", views_levels.watch, name="set_watchers"),
    path("saved/", views_saved.saved_list, name="saved_list"),
    path("saved/add/", views_saved.save, name="save"),
    path("saved/<int:pk>/", views_saved.saved, name="saved"),
    path("saved/<int:pk>/remove/", views_saved.remove, name="remove_saved"),
    path("freeze/", views_saved.freeze, name="freeze"),
    path("frozen/<uuid:token>/", views_saved.frozen, name="frozen"),
    path("digest/", views_saved.digest_page, name="digest"),
    path("digest/set/", views_saved.digest_set, name="digest_set"),
    path("digest/send/", views_saved.digest_send, name="digest_send"),
    *(path(f"files/{slug}.csv", views_files.report_csv, {"report": slug}, name=f"csv_{slug}") for slug in PAGES),
    *(path(f"files/{slug}.xlsx", views_files.report_xlsx, {"report": slug}, name=f"xlsx_{slug}") for slug in PAGES),
    *(path(f"{slug}/", views.page, {"report": slug}, name=f"report_{slug}") for slug in PAGES if slug != "glance"),
]
