"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from rnd.engineering.api import TaskViewSet
from rnd.engineering.api_doubts import SuspectLinkViewSet

router = SimpleRouter()
router.register("tasks", TaskViewSet, basename="task")
router.register("suspect-links", SuspectLinkViewSet, basename="suspect-link")
urlpatterns = router.urls
