"""`/api/v1/bundles/`: releases that came on a stick, taken in and let out by programs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit.api.schema import KEYLESS, verb
from foundation.kit.api.serializers import InputSerializer
from foundation.kit.api.views import ActionViewSet
from releases.artifacts.bodies import body_of, length_of
from releases.bundles import queries
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.actions.let_out_bundle import let_out_bundle
from releases.bundles.models import BundleFile, ImportedBundle
from releases.models import Channel

TAR: Final = "application/x-tar"


class BundleFileSerializer(serializers.ModelSerializer[BundleFile]):
    """A file of the bundle; `hardware` as `platform/revision`."""

    size = serializers.IntegerField(source="blob.size", read_only=True)
    sha256 = serializers.CharField(source="blob.sha256", read_only=True)
    hardware = serializers.SerializerMethodField()

    class Meta:
        model = BundleFile
        fields = ("name", "size", "sha256", "hardware")
        read_only_fields = fields

    def get_hardware(self, file: BundleFile) -> list[str]:
        """The boards that the signed manifest names."""
        return ["/".join(pair) for pair in file.hardware]


class ImportedBundleSerializer(serializers.ModelSerializer[ImportedBundle]):
    """A release that came on a stick. `release`: its id, where its repository is known here.

    `channel`: who of those who receive the component receives it here; empty: nobody but staff.
    """

    programme = serializers.CharField(source="component.programme.slug", read_only=True)
    component = serializers.CharField(source="component.slug", read_only=True)
    imported_by = serializers.CharField(source="imported_by.username", read_only=True, allow_null=True)
    keys = serializers.SerializerMethodField()
    files = BundleFileSerializer(many=True, read_only=True)

    class Meta:
        model = ImportedBundle
        fields = (
            "id", "programme", "component", "version", "sequence", "commit", "release", "channel", "keys", "files",
            "imported_by", "imported_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_keys(self, bundle: ImportedBundle) -> list[str]:
        """The ids of the keys whose signatures counted when it came in."""
        return [one.key.key_id for one in bundle.signatures.all()]


class LetOutInput(InputSerializer):
    """`channel`: who has it from now on; empty: nobody but staff."""

    channel = serializers.ChoiceField(choices=Channel.choices, allow_blank=True)


class ImportedBundleViewSet(ActionViewSet[ImportedBundle]):
    """Bundles that came in, the newest first."""

    serializer_class = ImportedBundleSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = ImportedBundle.objects.none()

    def get_queryset(self) -> QuerySet[ImportedBundle]:
        """Give the visible bundles."""
        return (
            queries.bundles_of(self.actor)
            .select_related("component__programme", "imported_by")
            .prefetch_related("signatures__key", "files__blob")
        )

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "channel",
                OpenApiTypes.STR,
                enum=[*Channel.values],
                description="Who receives it here at once; left out: nobody but staff, until it is let out.",
            )
        ],
        request={TAR: OpenApiTypes.BINARY},
        responses={201: ImportedBundleSerializer},
        extensions=KEYLESS,
    )
    def create(self, request: Request) -> Response:
        """Take a bundle in, sent as it is on the stick (`curl -T autopilot-2.1.0.tar -X POST`).

        The very same again gives what is there. A refusal leaves nothing behind, and its `code` and `detail` say why.
        """
        self.actor.require("bundle.import")
        if request.content_type.partition(";")[0].strip().lower() != TAR:
            raise UnsupportedMediaType(request.content_type)
        length_of(request)  # without, a bundle of any size would do to fill the disk
        with tempfile.TemporaryFile() as file:
            for chunk in body_of(request):
                file.write(chunk)
            file.seek(0)
            bundle = import_bundle(actor=self.actor, file=file, channel=request.query_params.get("channel", ""))
        found = self.get_queryset().get(pk=bundle.pk)
        return self.created(found, location=f"/api/v1/bundles/{bundle.pk}/")

    @verb(LetOutInput, gives=ImportedBundleSerializer, name="let-out")
    def let_out(self, request: Request, pk: str) -> Response:
        """Say which teams have it from now on."""
        let_out_bundle(actor=self.actor, bundle=self.get_object(), **self.parsed(LetOutInput))
        return self.answer()

    def _guarded(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Any:
        # A bundle is no JSON to be looked into for a key, and the same one again is the same one.
        if self.action == "create":
            return handler(request, *args, **kwargs)
        return super()._guarded(handler, request, *args, **kwargs)
