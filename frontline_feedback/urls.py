"""Addresses of this room's pages."""

from django.urls import path

# Importing the keys registers the converter <ticket_key:pk>.
from frontline_feedback import keys  # noqa: F401 -- registers the converter of ticket keys
from frontline_feedback.views import attachments, report, team, triage, verbs

app_name = "frontline_feedback"
urlpatterns = [
    path("report/", report.report, name="report"),
    path("report/about/", report.report_about, name="report_about"),
    path("report/<ticket_key:pk>", report.reported, name="reported"),
    path("my/", team.my_tickets, name="my_tickets"),
    path("triage/", triage.triage, name="triage"),
    path("triage/<ticket_key:pk>", triage.triage, name="triage_ticket"),
    path("<ticket_key:pk>/merge-candidates", triage.merge_candidates, name="merge_candidates"),
    path("<ticket_key:pk>/classification", triage.classification, name="classification"),
    path("<ticket_key:pk>/accept", verbs.accept, name="accept"),
    path("<ticket_key:pk>/reject", verbs.reject, name="reject"),
    path("<ticket_key:pk>/merge", verbs.merge, name="merge"),
    path("<ticket_key:pk>/close", verbs.close, name="close"),
    path("<ticket_key:pk>/reopen", verbs.reopen, name="reopen"),
    path("<ticket_key:pk>/reclassify", verbs.reclassify, name="reclassify"),
    path("<ticket_key:pk>/verdict", verbs.verdict, name="verdict"),
    path("<ticket_key:pk>/comment", verbs.comment, name="comment"),
    path("<ticket_key:pk>/attach", verbs.attach, name="attach"),
    path("attachments/<int:pk>", attachments.attachment, name="attachment"),
]
