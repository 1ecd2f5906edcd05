"""`/api/v1/releases/<id>/…`, `/api/v1/artifacts/…`: files of releases in and out, what is signed, what runs where."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.catalogue.models import Component
from foundation.kit.api.schema import verb
from foundation.kit.api.views import ActionViewSet
from foundation.kit.errors import NotFound
from releases import wire as core
from releases.artifacts import queries, serving, wire
from releases.artifacts.actions.add_artifact import add_artifact
from releases.artifacts.actions.add_sbom import add_sbom
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.actions.check_artifact import check_artifact
from releases.artifacts.actions.remove_artifact import remove_artifact
from releases.artifacts.actions.seal_manifest import seal_manifest
from releases.artifacts.actions.set_compatibility import set_compatibility
from releases.artifacts.bodies import body_of, length_of
from releases.artifacts.models import Artifact, Compatibility, Signature
from releases.artifacts.sbom import LARGEST
from releases.artifacts.signed import signed_state
from releases.models import Release

BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
RELEASE = OpenApiParameter("release_pk", OpenApiTypes.INT64, OpenApiParameter.PATH, description="Id of a release.")
_HARDWARE = OpenApiParameter(
    "hardware",
    OpenApiTypes.STR,
    required=True,
    many=True,
    description="`platform/revision` that the file is made for; may be given several times.",
)
_SHA256 = OpenApiParameter(
    "sha256", OpenApiTypes.STR, description="What the file's sha256 is; a file that came in otherwise is refused."
)
_RANGE = OpenApiParameter("Range", OpenApiTypes.STR, OpenApiParameter.HEADER, description="One range of bytes.")
_RANGES = {
    206: OpenApiResponse(OpenApiTypes.BINARY, description="The range asked for."),
    416: OpenApiResponse(description="The range begins beyond the end."),
}


class OfReleaseViewSet(ActionViewSet[Any]):
    """What belongs to one release, named by its id in the address."""

    @property
    def release(self) -> Release:
        """The release of the address; raises NotFound."""
        found = (
            Release.objects.visible_to(self.actor)
            .select_related("component__programme", "repository", "commit")
            .filter(pk=self.kwargs["release_pk"])
            .first()
        )
        if found is None:
            raise NotFound(
                "release.not_found",
                _("There is no release %(pk)s that you may see.") % {"pk": self.kwargs["release_pk"]},
            )
        return found


class ReleaseArtifactViewSet(OfReleaseViewSet):
    """The files of a release."""

    serializer_class = wire.ArtifactSerializer
    queryset = Artifact.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"hardware", "sha256"})
    repeatable: ClassVar[frozenset[str]] = frozenset({"hardware"})

    def get_queryset(self) -> QuerySet[Artifact]:
        """Give the present files."""
        return listed().filter(release=self.release, removed_at=None)

    @extend_schema(parameters=[RELEASE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the files of a release."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        parameters=[RELEASE, _HARDWARE, _SHA256],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={201: wire.ArtifactSerializer},
    )
    def receive(self, request: Request, release_pk: str, name: str) -> Response:
        """Send a file in one stream (`curl -T firmware.bin`). The same file again gives what is there."""
        release = self.release
        self.actor.require("artifact.add", programme_id=release.component.programme_id)
        hardware = wire.hardware_named(release, request.query_params.getlist("hardware"))
        artifact = add_artifact(
            actor=self.actor,
            release=release,
            name=name,
            hardware=hardware,
            content=body_of(request),
            size=length_of(request),
            sha256=request.query_params.get("sha256", ""),
        )
        return self.created(listed().get(pk=artifact.pk), location=f"/api/v1/artifacts/{artifact.pk}/")


class ArtifactViewSet(ActionViewSet[Artifact]):
    """One file."""

    serializer_class = wire.ArtifactSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Artifact.objects.none()

    def get_queryset(self) -> QuerySet[Artifact]:
        """Give the visible files."""
        return listed().filter(pk__in=Artifact.objects.visible_to(self.actor))

    @extend_schema(parameters=[_RANGE], responses={**BINARY, **_RANGES})
    def content(self, request: Request, pk: str) -> HttpResponseBase:
        """Fetch the file, or a range of it. Its ETag is its sha256; what was changed in the storage is refused."""
        return serving.send_artifact(request._request, self.actor, queries.artifact_of(self.actor, int(pk)))  # noqa: SLF001 -- Django's own request, with its headers

    @verb(wire.WhyInput, gives=wire.ArtifactSerializer)
    def remove(self, request: Request, pk: str) -> Response:
        """Take the file off a release that nobody has approved yet."""
        remove_artifact(actor=self.actor, artifact=self.get_object(), **self.parsed(wire.WhyInput))
        return self.answer()

    @verb(None, gives=wire.ArtifactSerializer)
    def check(self, request: Request, pk: str) -> Response:
        """Read every byte again and say whether it is still the right file."""
        check_artifact(actor=self.actor, artifact=self.get_object())
        return self.answer()


class ManifestViewSet(OfReleaseViewSet):
    """What is signed of a release."""

    serializer_class = wire.ManifestSerializer
    lookup_field = "release_pk"
    queryset = Release.objects.none()

    @extend_schema(parameters=[RELEASE], responses=wire.ManifestSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say how far the release is signed, and what is missing for each channel."""
        return Response(self._state())

    @extend_schema(parameters=[RELEASE], request=None, responses=wire.ManifestSerializer)
    def seal(self, request: Request, release_pk: str) -> Response:
        """Let the manifest stand fast, so that its SHA256SUMS can be signed."""
        seal_manifest(actor=self.actor, release=self.release)
        return Response(self._state())

    @extend_schema(
        operation_id="releases_files_retrieve", parameters=[RELEASE, _RANGE], responses={**BINARY, **_RANGES}
    )
    def file(self, request: Request, release_pk: str, name: str) -> HttpResponseBase:
        """Fetch a file by its name: an artifact, manifest.json, SHA256SUMS, SHA256SUMS.minisig or sbom.cdx.json."""
        return send_named(request._request, self.actor, self.release, name)  # noqa: SLF001 -- Django's own request

    def get_object(self) -> Any:
        """Give the release (for If-Match)."""
        return self.release

    def representation(self, thing: object) -> Any:
        """Give the release's state."""
        return self._state()

    def _state(self) -> Any:
        return wire.ManifestSerializer(wire.manifest_data(signed_state(self.release))).data


class SignatureViewSet(OfReleaseViewSet):
    """Signatures over a release's SHA256SUMS."""

    serializer_class = wire.SignatureSerializer
    queryset = Signature.objects.none()

    def get_queryset(self) -> QuerySet[Signature]:
        """Give the signatures of the manifest that stands."""
        found = Signature.objects.filter(manifest__release=self.release, manifest__superseded_at=None)
        return found.select_related("key__holder", "added_by")

    @extend_schema(parameters=[RELEASE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the signatures of the manifest that stands."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[RELEASE], request=wire.SignatureInput, responses={201: wire.SignatureSerializer})
    def create(self, request: Request, release_pk: str) -> Response:
        """Add a signature that was made offline: `minisign -S -H -m SHA256SUMS`."""
        release = self.release
        self.actor.require("signature.add", programme_id=release.component.programme_id)
        found = add_signature(actor=self.actor, release=release, **self.parsed(wire.SignatureInput))
        return self.created(found)


class CompatibilityViewSet(OfReleaseViewSet):
    """Which file of a release runs on which hardware."""

    serializer_class = wire.CompatibilitySerializer
    queryset = Compatibility.objects.none()

    def get_queryset(self) -> QuerySet[Compatibility]:
        """Give the present statements."""
        found = Compatibility.objects.current().filter(artifact__release=self.release)
        return found.select_related("artifact", "hardware__platform", "companion", "set_by")

    @extend_schema(parameters=[RELEASE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what is said of the release's files on their hardware."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[RELEASE], request=wire.CompatibilityInput, responses={201: wire.CompatibilitySerializer})
    def create(self, request: Request, release_pk: str) -> Response:
        """Say that a file is supported, blocked or untested on a hardware revision, with the evidence."""
        release = self.release
        self.actor.require("compatibility.set", programme_id=release.component.programme_id)
        values = self.parsed(wire.CompatibilityInput)
        name, companion = values.pop("artifact"), values.pop("companion", None)
        (hardware_pk,) = wire.hardware_named(release, [values.pop("hardware")])
        artifact = core.named(
            Artifact.objects.current().filter(release=release), field="artifact", value=name, name=name
        )
        from foundation.catalogue.models import HardwareRevision

        found = set_compatibility(
            actor=self.actor,
            artifact=artifact,
            hardware=HardwareRevision.objects.get(pk=hardware_pk),
            companion=core.named(
                Component.objects.visible_to(self.actor), field="companion", value=companion, slug=companion
            )
            if companion
            else None,
            **values,
        )
        return self.created(found)


class SbomViewSet(OfReleaseViewSet):
    """The bill of materials of a release."""

    serializer_class = wire.SbomSerializer
    queryset = Release.objects.none()

    @extend_schema(
        parameters=[RELEASE],
        request={"application/vnd.cyclonedx+json": OpenApiTypes.BINARY},
        responses=wire.SbomSerializer,
    )
    def replace(self, request: Request, release_pk: str) -> Response:
        """Send a bill of materials in CycloneDX's JSON, in the place of the one that would be generated."""
        release = self.release
        self.actor.require("sbom.add", programme_id=release.component.programme_id)
        content = b""
        for chunk in body_of(request):
            content += chunk
            if len(content) > LARGEST:
                break
        return Response(wire.SbomSerializer(add_sbom(actor=self.actor, release=release, content=content)).data)


def listed() -> QuerySet[Artifact]:
    """Give all artifacts with what the wire shows of them."""
    return (
        Artifact.objects.select_related("blob", "release__component", "added_by")
        .defer("blob__leaves")
        .prefetch_related("hardware__platform")
    )


def send_named(request: Any, actor: Any, release: Release, name: str) -> HttpResponseBase:
    """Give an artifact, or what stands beside it, by its name."""
    artifact = (
        Artifact.objects.current()
        .filter(release=release, name=name.replace("\x00", ""))
        .select_related("blob", "release__component", "release__repository", "release__commit")
        .first()
    )
    if artifact is not None:
        return serving.send_artifact(request, actor, artifact)
    serving.check_may_have(actor, release)
    state = signed_state(release)
    content = queries.document_of(state, name)
    serving.check_signed(state)
    return serving.send_document(name, content)
