"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from releases.rollouts.api import ReceiptViewSet, RolloutViewSet

router = SimpleRouter()
router.register("rollouts", RolloutViewSet, basename="rollout")
router.register("receipts", ReceiptViewSet, basename="receipt")
urlpatterns = router.urls
