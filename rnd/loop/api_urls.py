"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from rnd.loop.api import FixViewSet

router = SimpleRouter()
router.register("fixes", FixViewSet, basename="fix")
urlpatterns = router.urls
