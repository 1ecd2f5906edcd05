"""Cursor pages for every list of the API: stable while rows arrive, and as quick at the end as at the start."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from foundation.kit.errors import Invalid

if TYPE_CHECKING:  # REST framework's views load this module while they are being loaded
    from rest_framework.views import APIView
# What says where a list goes on: empty, it would quietly begin anew for a program that has lost its place.
NEVER_EMPTY: Final = frozenset({"cursor", "page_size"})


class CursorPages(CursorPagination):
    """Newest first by id; a view set may set its own `ordering` (unique, or nearly so)."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any] | None:
        """Give the rows of the page that the cursor names; raises Invalid for a cursor that names none."""
        try:
            return super().paginate_queryset(queryset, request, view)
        # A forged cursor carries a position that the column cannot even be compared with.
        except (NotFound, ValueError, ValidationError, DataError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            raise Invalid(
                "paging.cursor_invalid",
                _("This cursor names no page. Take it from “next” or “previous” of an answer, unchanged."),
                field=self.cursor_query_param,
            ) from error

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """Give the order of the view set, or newest first."""
        ordering = getattr(view, "ordering", None) or self.ordering
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def get_page_size(self, request: Request) -> int:
        """Give the size asked for; raises Invalid rather than quietly taking another."""
        asked = request.query_params.get("page_size")
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) <= self.max_page_size):
            raise Invalid(
                "paging.size_invalid",
                _("“%(asked)s” is no page size: it is a whole number from 1 to %(most)s.")
                % {"asked": asked[:20], "most": self.max_page_size},
                field="page_size",
            )
        return int(asked)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Give the two query parameters of every list as OpenAPI has them."""
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Where the page begins; taken from `next` or `previous` of an answer.",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "How many results a page has.",
                "schema": {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size},
            },
        ]
