"""Addresses of this room's pages."""

from django.urls import path

from rnd.notices import views

app_name = "notices"
_WEBHOOK = "webhooks/<int:pk>/"
urlpatterns = [
    path("webhooks/", views.webhook_list, name="webhook_list"),
    path("webhooks/add/", views.webhook_add, name="webhook_add"),
    path(_WEBHOOK, views.webhook, name="webhook"),
    path(f"{_WEBHOOK}rotate/", views.webhook_rotate, name="webhook_rotate"),
    path(f"{_WEBHOOK}disable/", views.webhook_disable, name="webhook_disable"),
    path(f"{_WEBHOOK}enable/", views.webhook_enable, name="webhook_enable"),
    path(f"{_WEBHOOK}trial/", views.webhook_trial, name="webhook_trial"),
    path(f"{_WEBHOOK}deliveries/<int:delivery_pk>/resend/", views.delivery_resend, name="delivery_resend"),
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/read/", views.notices_read, name="notices_read"),
]
