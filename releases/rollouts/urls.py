"""Addresses of this room's pages."""

from django.urls import path

from releases.rollouts import views, views_field, views_start

app_name = "rollouts"
urlpatterns = [
    path("adoption/", views_field.adoption_page, name="adoption"),
    path("installations/upload/", views_field.upload, name="upload"),
    path("rollouts/", views.rollout_list, name="rollout_list"),
    path("rollouts/timeline/", views.timeline_page, name="timeline"),
    path("rollouts/start/", views_start.start, name="start"),
    path("rollouts/told/<int:pk>/read/", views.read, name="read"),
    path("rollouts/warnings/<int:pk>/seen/", views.warning_seen, name="warning_seen"),
    path("rollouts/<int:pk>/", views.rollout, name="rollout"),
    path("rollouts/<int:pk>/pause/", views.pause, name="pause"),
    path("rollouts/<int:pk>/resume/", views.resume, name="resume"),
    path("rollouts/<int:pk>/advance/", views.advance, name="advance"),
    path("rollouts/<int:pk>/abort/", views.abort, name="abort"),
    path("rollouts/<int:pk>/answer/", views.answer, name="answer"),
    path("releases/<slug:component>/<str:version>/rollouts/", views.release_rollouts, name="release_rollouts"),
]
