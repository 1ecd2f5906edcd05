"""`/api/v1/` of what people say of releases: which commits take back or bring again, and the words of notes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.catalogue.models import Programme
from foundation.kit.api.reading import ReadSerializer
from foundation.kit.api.schema import verb
from foundation.kit.api.serializers import InputSerializer
from foundation.kit.api.views import ActionViewSet
from releases import wire
from releases.actions import set_term as term_setting
from releases.actions.decide_relation import decide_relation
from releases.actions.set_term import set_term
from releases.models import Relation, Term

_STRING = OpenApiTypes.STR


class RelationSerializer(ReadSerializer[Relation]):
    """`commit` reverts or copies `other`; until that is known it is null, and `named` is what the message says."""

    component = serializers.CharField(source="component.slug", read_only=True)
    repository = serializers.CharField(source="commit.repository.slug", read_only=True)
    commit = serializers.CharField(source="commit.sha", read_only=True)
    other = serializers.CharField(source="other.sha", read_only=True, allow_null=True)
    decided_by = serializers.CharField(source="decided_by.username", read_only=True, allow_null=True)

    class Meta:
        model = Relation
        fields = (
            "id", "component", "repository", "commit", "kind", "other", "named", "basis", "state", "found_at",
            "decided_at", "decided_by",
        )  # fmt: skip
        read_only_fields = fields


class DecisionInput(InputSerializer):
    """Whether it is so."""

    confirmed = serializers.BooleanField()


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("component", _STRING, description="Slug of a component."),
            OpenApiParameter("state", _STRING, enum=Relation.State.values),
        ]
    )
)
class RelationViewSet(ActionViewSet[Relation]):
    """Which commits take others back, and which bring them again; releases' contents follow those that count."""

    serializer_class = RelationSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Relation.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"component", "state"})

    def get_queryset(self) -> QuerySet[Relation]:
        """Give the visible relations; in the list, those that the query string asks for."""
        found = Relation.objects.visible_to(self.actor).select_related(
            "component", "commit__repository", "other", "decided_by"
        )
        if self.action != "list":
            return found
        wire.check_choice("state", self.request.query_params.get("state", ""), Relation.State.values)
        return found.filter(**wire.asked(self.request, {"component": "component__slug", "state": "state"}))

    @verb(DecisionInput, gives=RelationSerializer)
    def decide(self, request: Request, pk: str) -> Response:
        """Confirm or refuse it; the contents of releases are corrected at once."""
        decide_relation(actor=self.actor, relation=self.get_object(), **self.parsed(DecisionInput))
        return self.answer()


class TermSerializer(ReadSerializer[Term]):
    """A word of the glossary by which notes are translated."""

    programme = serializers.CharField(source="programme.slug", read_only=True)

    class Meta:
        model = Term
        fields = ("id", "programme", "en", "uk", "nb")
        read_only_fields = fields


class TermInput(InputSerializer):
    """The English word, and how it is said; without translations it is taken out."""

    programme = serializers.SlugField(max_length=60)
    en = serializers.CharField(max_length=term_setting.LONGEST)
    uk = serializers.CharField(max_length=term_setting.LONGEST, allow_blank=True, default="")
    nb = serializers.CharField(max_length=term_setting.LONGEST, allow_blank=True, default="")


@extend_schema_view(list=extend_schema(parameters=[OpenApiParameter("programme", _STRING, description="Its slug.")]))
class TermViewSet(ActionViewSet[Term]):
    """The glossaries of the programmes."""

    serializer_class = TermSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Term.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"programme"})

    def get_queryset(self) -> QuerySet[Term]:
        """Give the words of the actor's programmes."""
        found = Term.objects.visible_to(self.actor).select_related("programme")
        if self.action != "list":
            return found
        return found.filter(**wire.asked(self.request, {"programme": "programme__slug"}))

    @extend_schema(
        request=TermInput,
        responses={201: TermSerializer, 204: OpenApiResponse(description="It stands in the glossary no more.")},
    )
    def create(self, request: Request) -> Response:
        """Set how a word is said; the same word again is said anew."""
        self.actor.require("term.set")
        values: dict[str, Any] = self.parsed(TermInput)
        slug = values.pop("programme")
        programmes = Programme.objects.visible_to(self.actor)
        programme = wire.named(programmes, field="programme", value=slug, slug=slug)
        found = set_term(actor=self.actor, programme=programme, **values)
        if found is None:
            return Response(status=204)
        return self.created(found, location=f"/api/v1/terms/{found.pk}/")
