"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from rnd.engineering.api import TaskViewSet

router = SimpleRouter()
router.register("tasks", TaskViewSet, basename="task")
urlpatterns = router.urls
