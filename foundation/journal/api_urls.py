"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from foundation.journal.api import JournalViewSet

router = SimpleRouter()
router.register("journal", JournalViewSet, basename="journal")
urlpatterns = router.urls
