"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from releases.api import CommitViewSet, RepositoryViewSet
from releases.api_field import InstallationViewSet, SubscriptionViewSet
from releases.api_releases import ReleaseViewSet
from releases.api_stories import RelationViewSet, TermViewSet

router = SimpleRouter()
router.register("repositories", RepositoryViewSet, basename="repository")
router.register("commits", CommitViewSet, basename="commit")
router.register("releases", ReleaseViewSet, basename="release")
router.register("installations", InstallationViewSet, basename="installation")
router.register("subscriptions", SubscriptionViewSet, basename="subscription")
router.register("relations", RelationViewSet, basename="relation")
router.register("terms", TermViewSet, basename="term")
urlpatterns = router.urls
