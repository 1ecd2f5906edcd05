"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from rnd.loop.api import FixViewSet
from rnd.loop.api_releases import ComparisonViewSet
from rnd.loop.api_statements import StatementViewSet
from rnd.loop.api_verdicts import VerdictBoardViewSet

router = SimpleRouter()
router.register("fixes", FixViewSet, basename="fix")
router.register("statements", StatementViewSet, basename="statement")
router.register("comparisons", ComparisonViewSet, basename="comparison")
router.register("verdict-boards", VerdictBoardViewSet, basename="verdict-board")
urlpatterns = router.urls
