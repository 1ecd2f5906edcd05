"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from releases.rollouts.api import InstallationBatchViewSet, RolloutViewSet

router = SimpleRouter()
router.register("rollouts", RolloutViewSet, basename="rollout")
router.register("installation-batches", InstallationBatchViewSet, basename="installation-batch")
urlpatterns = router.urls
