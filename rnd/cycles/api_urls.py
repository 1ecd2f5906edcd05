"""Addresses of this room below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from rnd.cycles.api import LoopViewSet, ReportViewSet, SummaryViewSet
from rnd.cycles.levels_api import BaselineViewSet, ServiceLevelViewSet

router = SimpleRouter()
router.register("cycles/loops", LoopViewSet, basename="cycles-loop")
router.register("cycles/service-levels", ServiceLevelViewSet, basename="cycles-service-level")
router.register("cycles/baselines", BaselineViewSet, basename="cycles-baseline")
urlpatterns = [
    *router.urls,
    path("cycles/summary/", SummaryViewSet.as_view({"get": "retrieve"}), name="cycles-summary"),
    path("cycles/reports/<slug:report>/", ReportViewSet.as_view({"get": "retrieve"}), name="cycles-report"),
]
