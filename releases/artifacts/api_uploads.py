"""`/api/v1/uploads/…`: files that come in piece by piece and are carried on where they stopped (tus 1.0)."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.http import http_date
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit.api.views import ActionViewSet
from foundation.kit.errors import PreconditionFailed
from releases.artifacts import tus, wire
from releases.artifacts.actions.abandon_upload import abandon_upload
from releases.artifacts.actions.append_upload import append_upload
from releases.artifacts.actions.forget_uploads import KEPT_FOR
from releases.artifacts.actions.start_upload import start_upload
from releases.artifacts.api import RELEASE, OfReleaseViewSet
from releases.artifacts.faults import Fault
from releases.artifacts.models import Upload
from releases.artifacts.sentences import refusal_of

_VERSION = OpenApiParameter(
    "Tus-Resumable", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, enum=[tus.VERSION]
)
_OFFSET = OpenApiParameter("Upload-Offset", OpenApiTypes.INT64, OpenApiParameter.HEADER, required=True)


class ReleaseUploadViewSet(OfReleaseViewSet):
    """Where uploads begin."""

    serializer_class = wire.UploadSerializer
    queryset = Upload.objects.none()

    @extend_schema(parameters=[RELEASE], request=wire.UploadInput, responses={201: wire.UploadSerializer})
    def create(self, request: Request, release_pk: str) -> Response:
        """Begin an upload: by this body, or by tus with Upload-Length and Upload-Metadata (filename, hardware, sha256).

        `Location` is where its bytes go, by PATCH.
        """
        release = self.release
        self.actor.require("artifact.add", programme_id=release.component.programme_id)
        values = _announced(request) if "Upload-Length" in request.headers else self.parsed(wire.UploadInput)
        hardware = wire.hardware_named(release, values.pop("hardware"))
        upload = start_upload(actor=self.actor, release=release, hardware=hardware, **values)
        response = self.created(upload, location=f"/api/v1/uploads/{upload.uuid}/")
        return _told(response, upload)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Say which tus is spoken here."""
        return _spoken()


class UploadViewSet(ActionViewSet[Upload]):
    """One upload."""

    serializer_class = wire.UploadSerializer
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-f-]{36}"
    queryset = Upload.objects.none()

    def get_queryset(self) -> QuerySet[Upload]:
        """Give one's own uploads."""
        return Upload.objects.visible_to(self.actor).select_related("release__component")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say how much has come in (HEAD says it in Upload-Offset alone)."""
        upload = self.get_object()
        response = Response(self.get_serializer(upload).data)
        return _told(response, upload)

    @extend_schema(
        parameters=[_VERSION, _OFFSET],
        request={tus.MEDIA_TYPE: OpenApiTypes.BINARY},
        responses={204: OpenApiResponse(description="Taken; Upload-Offset says how far it is now.")},
    )
    def append(self, request: Request, uuid: str) -> Response:
        """Send bytes from Upload-Offset on; with the last of them the upload becomes a file of its release."""
        upload = self.get_object()
        _check_version(request)
        if request.content_type.partition(";")[0].strip().lower() != tus.MEDIA_TYPE:
            raise UnsupportedMediaType(request.content_type)
        stream = cast(Any, request._request)  # noqa: SLF001 -- Django's own request is the stream
        upload = append_upload(
            actor=self.actor,
            upload=upload,
            offset=_number(request, "Upload-Offset"),
            read=stream.read,
            length=_number(request, "Content-Length"),
        )
        return _told(Response(status=204), upload)

    @extend_schema(parameters=[_VERSION], responses={204: OpenApiResponse(description="Given up.")})
    def destroy(self, request: Request, uuid: str) -> Response:
        """Give the upload up."""
        upload = self.get_object()
        _check_version(request)
        abandon_upload(actor=self.actor, upload=upload)
        return Response(status=204, headers={"Tus-Resumable": tus.VERSION})

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Say which tus is spoken here."""
        return _spoken()


def _announced(request: Request) -> dict[str, Any]:
    """Give what the headers of tus's creation say."""
    _check_version(request)
    try:
        told = tus.metadata(request.headers.get("Upload-Metadata", ""))
    except Fault as fault:
        raise refusal_of(fault) from fault
    hardware = [name.strip() for name in told.get("hardware", "").split(",") if name.strip()]
    return {
        "name": told.get("filename", ""),
        "size": _number(request, "Upload-Length"),
        "sha256": told.get("sha256", ""),
        "hardware": hardware,
    }


def _number(request: Request, name: str) -> int:
    try:
        return tus.number(name, request.headers.get(name))
    except Fault as fault:
        raise refusal_of(fault) from fault


def _check_version(request: Request) -> None:
    given = request.headers.get("Tus-Resumable", "")
    if given != tus.VERSION:
        raise PreconditionFailed(
            "tus.version",
            _("This speaks tus %(version)s; the header Tus-Resumable says “%(given)s”.")
            % {"version": tus.VERSION, "given": given[:20] or "–"},
        )


def _told(response: Response, upload: Upload) -> Response:
    response["Tus-Resumable"] = tus.VERSION
    response["Upload-Offset"] = str(upload.offset)
    response["Upload-Length"] = str(upload.size)
    response["Upload-Expires"] = http_date((upload.touched_at + KEPT_FOR).timestamp())
    response["Cache-Control"] = "no-store"
    return response


def _spoken() -> Response:
    from django.conf import settings

    headers = {
        "Tus-Resumable": tus.VERSION,
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(settings.ARTIFACT_MAX_BYTES),
    }
    return Response(status=204, headers=headers)
