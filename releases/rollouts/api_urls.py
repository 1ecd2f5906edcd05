"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from releases.rollouts.api import RolloutViewSet

router = SimpleRouter()
router.register("rollouts", RolloutViewSet, basename="rollout")
urlpatterns = router.urls
