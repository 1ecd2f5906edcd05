"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from releases.rollouts.api import InstallationBatchViewSet, RolloutViewSet
from releases.rollouts.api_adoption import AdoptionViewSet

router = SimpleRouter()
router.register("rollouts", RolloutViewSet, basename="rollout")
router.register("installation-batches", InstallationBatchViewSet, basename="installation-batch")
router.register("adoption", AdoptionViewSet, basename="adoption")
urlpatterns = router.urls
