"""Addresses of this room below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from rnd.cycles.api import LoopViewSet, SummaryViewSet

router = SimpleRouter()
router.register("cycles/loops", LoopViewSet, basename="cycles-loop")
urlpatterns = [
    *router.urls,
    path("cycles/summary/", SummaryViewSet.as_view({"get": "retrieve"}), name="cycles-summary"),
]
