"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from foundation.catalogue import api

router = SimpleRouter()
router.register("programmes", api.ProgrammeViewSet, basename="programme")
router.register("platforms", api.PlatformViewSet, basename="platform")
router.register("components", api.ComponentViewSet, basename="component")
router.register("hardware", api.HardwareViewSet, basename="hardware")
urlpatterns = router.urls
