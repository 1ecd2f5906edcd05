"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from foundation.accounts.api import MeViewSet, TeamViewSet
from foundation.accounts.api_devices import DeviceViewSet

router = SimpleRouter()
router.register("me", MeViewSet, basename="me")
router.register("teams", TeamViewSet, basename="team")
router.register("devices", DeviceViewSet, basename="device")
urlpatterns = router.urls
