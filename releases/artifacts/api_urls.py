"""Addresses of this room below /api/v1/."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from releases.artifacts.api import (
    ArtifactViewSet,
    CompatibilityViewSet,
    ManifestViewSet,
    ReleaseArtifactViewSet,
    SbomViewSet,
    SignatureViewSet,
)
from releases.artifacts.api_keys import SigningKeyViewSet
from releases.artifacts.api_uploads import ReleaseUploadViewSet, UploadViewSet

router = SimpleRouter()
router.register("signing-keys", SigningKeyViewSet, basename="signing-key")
_RELEASE = r"^releases/(?P<release_pk>[0-9]{1,18})"
_ARTIFACT = r"^artifacts/(?P<pk>[0-9]{1,18})"
urlpatterns = [
    *router.urls,
    re_path(rf"{_RELEASE}/artifacts/$", ReleaseArtifactViewSet.as_view({"get": "list"}), name="release-artifact-list"),
    # Without a slash at the end too: `curl -T file …/artifacts/` puts the file's name there.
    re_path(
        rf"{_RELEASE}/artifacts/(?P<name>[^/]+)$",
        ReleaseArtifactViewSet.as_view({"put": "receive"}),
        name="release-artifact-put",
    ),
    re_path(rf"{_RELEASE}/files/(?P<name>[^/]+)$", ManifestViewSet.as_view({"get": "file"}), name="release-file"),
    re_path(
        rf"{_RELEASE}/manifest/$",
        ManifestViewSet.as_view({"get": "retrieve", "post": "seal"}),
        name="release-manifest",
    ),
    re_path(
        rf"{_RELEASE}/signatures/$",
        SignatureViewSet.as_view({"get": "list", "post": "create"}),
        name="release-signature-list",
    ),
    re_path(
        rf"{_RELEASE}/compatibility/$",
        CompatibilityViewSet.as_view({"get": "list", "post": "create"}),
        name="release-compatibility-list",
    ),
    re_path(rf"{_RELEASE}/sbom/$", SbomViewSet.as_view({"put": "replace"}), name="release-sbom"),
    re_path(rf"{_RELEASE}/uploads/$", ReleaseUploadViewSet.as_view({"post": "create"}), name="release-upload-list"),
    re_path(rf"{_ARTIFACT}/$", ArtifactViewSet.as_view({"get": "retrieve"}), name="artifact-detail"),
    re_path(rf"{_ARTIFACT}/content/$", ArtifactViewSet.as_view({"get": "content"}), name="artifact-content"),
    re_path(rf"{_ARTIFACT}/remove/$", ArtifactViewSet.as_view({"post": "remove"}), name="artifact-remove"),
    re_path(rf"{_ARTIFACT}/check/$", ArtifactViewSet.as_view({"post": "check"}), name="artifact-check"),
    path(
        "uploads/<uuid:uuid>/",
        UploadViewSet.as_view({"get": "retrieve", "patch": "append", "delete": "destroy"}),
        name="upload-detail",
    ),
]
