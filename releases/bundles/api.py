"""`/api/v1/releases/<id>/bundle/` and `/api/v1/receipts/`: a release on a stick, and what comes back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit.api.serializers import InputSerializer
from foundation.kit.api.views import ActionViewSet, ReadViewSet
from foundation.kit.errors import NotFound
from releases.bundles import queries
from releases.bundles.actions.take_receipts import take_receipts
from releases.bundles.making import team_of
from releases.bundles.models import Receipt
from releases.bundles.receipts import LARGEST
from releases.bundles.sending import send_bundle
from releases.models import Release

_RELEASE = OpenApiParameter("release_pk", OpenApiTypes.INT64, OpenApiParameter.PATH, description="Id of a release.")
_TEAM = OpenApiParameter(
    "team", OpenApiTypes.STR, description="Slug of the team that gets it: its tickets are answered in the bundle."
)
_RANGE = OpenApiParameter("Range", OpenApiTypes.STR, OpenApiParameter.HEADER, description="One range of bytes.")


class ReceiptSerializer(serializers.ModelSerializer[Receipt]):
    """A receipt. `state`: taken, kept (to be carried on to where the release is known) or refused, with `error`."""

    team = serializers.CharField(source="team.slug", read_only=True, allow_null=True)
    release = serializers.CharField(source="release.version", read_only=True, allow_null=True)
    bundle = serializers.CharField(source="bundle.version", read_only=True, allow_null=True)
    hardware = serializers.CharField(source="hardware.name", read_only=True, allow_null=True)

    class Meta:
        model = Receipt
        fields = (
            "id", "client_uuid", "number", "raw", "state", "error", "team", "release", "bundle", "hardware",
            "installed_at", "ticket", "verdict", "tested_at", "note", "verdict_state", "verdict_error", "taken_at",
        )  # fmt: skip
        read_only_fields = fields


class ReceiptFileInput(InputSerializer):
    """`content`: a whole file of receipts, as text: JSON lines, CSV, or the filled-in form."""

    content = serializers.CharField(max_length=LARGEST, trim_whitespace=False)
    file_name = serializers.CharField(max_length=200, required=False, allow_blank=True)


class TakenSerializer(serializers.Serializer[Any]):
    """What became of the file; `known` of the receipts had come before."""

    known = serializers.IntegerField()
    receipts = ReceiptSerializer(many=True)


class ReceiptViewSet(ActionViewSet[Receipt]):
    """Receipts from the front, the latest first."""

    serializer_class = ReceiptSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Receipt.objects.none()

    def get_queryset(self) -> QuerySet[Receipt]:
        """Give the visible receipts."""
        return queries.receipts_of(self.actor)

    @extend_schema(request=ReceiptFileInput, responses={200: TakenSerializer})
    def create(self, request: Request) -> Response:
        """Take a file of receipts in; each line stands alone, and the same line again is one receipt."""
        self.actor.require("receipts.take")
        values = self.parsed(ReceiptFileInput)
        taken = take_receipts(actor=self.actor, content=values["content"].encode(), source=values.get("file_name", ""))
        pks = [receipt.pk for receipt in taken.receipts]
        found = queries.receipts_brought(self.actor, pks)
        answer = {"known": len(taken.known), "receipts": [found[pk] for pk in pks if pk in found]}
        return Response(TakenSerializer(answer).data)


class BundleViewSet(ReadViewSet[Release]):
    """A release as one file."""

    queryset = Release.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"team"})

    @extend_schema(
        operation_id="releases_bundle_retrieve",
        parameters=[_RELEASE, _TEAM, _RANGE],
        responses={
            (200, "application/x-tar"): OpenApiTypes.BINARY,
            206: OpenApiResponse(OpenApiTypes.BINARY, description="The range asked for."),
            409: OpenApiResponse(description="It cannot be taken away now; the message says why."),
            416: OpenApiResponse(description="The range begins beyond the end."),
        },
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a stream
        """Fetch the release as a bundle for a stick: the same bytes whenever it holds the same."""
        visible = Release.objects.visible_to(self.actor).select_related("component", "commit")
        release = visible.filter(pk=kwargs["release_pk"]).first()
        if release is None:
            raise NotFound(
                "release.not_found", _("There is no release %(pk)s that you may see.") % {"pk": kwargs["release_pk"]}
            )
        self.actor.require("bundle.make", programme_id=release.component.programme_id)
        team = team_of(self.actor, release, request.query_params.get("team", "").replace("\x00", ""))
        return send_bundle(request._request, self.actor, release, team)  # noqa: SLF001 -- Django's own, with headers
