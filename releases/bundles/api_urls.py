"""Addresses of this room below /api/v1/."""

from django.urls import re_path
from rest_framework.routers import SimpleRouter

from releases.bundles.api import BundleViewSet, ReceiptViewSet
from releases.bundles.api_imports import ImportedBundleViewSet

router = SimpleRouter()
router.register("receipts", ReceiptViewSet, basename="receipt")
router.register("bundles", ImportedBundleViewSet, basename="bundle")
urlpatterns = [
    *router.urls,
    re_path(
        r"^releases/(?P<release_pk>[0-9]{1,18})/bundle/$",
        BundleViewSet.as_view({"get": "retrieve"}),
        name="release-bundle",
    ),
]
