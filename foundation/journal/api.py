"""`GET /api/v1/journal/`: the feed for programs that follow what happens."""

from typing import ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.journal import kinds, queries
from foundation.journal.models import Entry
from foundation.kit.api.paging import CursorPages
from foundation.kit.api.views import BaseViewSet
from foundation.kit.errors import Invalid


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """One entry of the journal; `data` is what its kind says beside who, when and about what."""

    class Meta:
        model = Entry
        fields = (
            "id",
            "kind",
            "subject_type",
            "subject_id",
            "occurred_at",
            "recorded_at",
            "actor_kind",
            "actor_id",
            "actor_name",
            "team_id",
            "data",
        )


class FeedSerializer(serializers.Serializer[queries.FeedPage]):
    """Some entries, and where to go on."""

    results = EntrySerializer(many=True, source="entries")
    cursor = serializers.CharField(help_text="Ask with it for what comes after these entries; keep it for next time.")
    more = serializers.BooleanField(help_text="Whether there are further entries to be had right now.")


class JournalViewSet(BaseViewSet[Entry]):
    """The journal, entry by entry. Its pages follow the readers' order, not the kit's."""

    pagination_class = None  # type: ignore[assignment]  # REST framework knows "no pages", its stubs do not
    serializer_class = EntrySerializer
    queryset = Entry.objects.none()
    repeatable: ClassVar[frozenset[str]] = frozenset({"kind"})
    query_names: ClassVar[frozenset[str]] = frozenset({"cursor", "page_size", "kind"})

    @extend_schema(
        operation_id="journal_list",
        parameters=[
            OpenApiParameter(
                "cursor",
                {"type": "string", "pattern": f"^{queries.CURSOR.pattern}$"},
                description="The `cursor` of the last answer. Without it the feed begins at the beginning.",
            ),
            OpenApiParameter(
                "page_size",
                {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": CursorPages.max_page_size,
                    "default": CursorPages.page_size,
                },
                description="How many entries at most.",
            ),
            OpenApiParameter(
                "kind",
                {"type": "array", "items": {"type": "string", "enum": sorted(kinds.known_kinds())}},
                description="Only entries of this kind; may be given several times.",
            ),
        ],
        responses=forced_singular_serializer(FeedSerializer),  # type: ignore[no-untyped-call]  # it has no types
    )
    def list(self, request: Request) -> Response:
        """Follow the journal: each entry comes exactly once, and none is left out.

        Entries come in the order in which consumers read them, and only when no older transaction can still add
        one before them. Ask again with the `cursor` of the last answer, at once while `more` is true, and
        otherwise when it suits.
        """
        self.actor.require("journal.see")
        page = queries.feed(
            cursor=request.query_params.get("cursor", ""),
            limit=CursorPages().get_page_size(request),
            kinds=known(request.query_params.getlist("kind")),
        )
        return Response(FeedSerializer(page).data)


def known(asked: list[str]) -> list[str] | None:
    """Give the kinds asked for, None for all; raises Invalid for one that does not exist."""
    for kind in asked:
        if kind not in kinds.known_kinds():
            raise Invalid(
                "journal.kind_unknown",
                _("Nothing here is ever of the kind “%(kind)s”. The documentation of the API lists the kinds.")
                % {"kind": kind[:80]},
                field="kind",
            )
    return asked or None
