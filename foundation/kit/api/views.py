"""The bases of every API view set: who acts, pages, ETags, idempotent changes, one shape of answer."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from foundation.kit.api import etag, idempotency
from foundation.kit.api.paging import NEVER_EMPTY, CursorPages
from foundation.kit.api.parsing import PlainJSONRenderer
from foundation.kit.api.reading import ReadSerializer
from foundation.kit.errors import Invalid

if TYPE_CHECKING:  # for the reader and mypy only: the kit stands below accounts
    from foundation.accounts.actors import Actor

M = TypeVar("M", bound=Model)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class BaseViewSet(GenericViewSet[M]):
    """What both kinds of view set share. Subclasses give `get_queryset()` (through `visible_to(self.actor)`)."""

    pagination_class = CursorPages
    renderer_classes = (PlainJSONRenderer,)
    # Names in the query string that `list` understands besides paging and the filters of `filterset_class`.
    query_names: ClassVar[frozenset[str]] = frozenset()
    # Those of them that may be given several times.
    repeatable: ClassVar[frozenset[str]] = frozenset()

    @property
    def actor(self) -> "Actor":
        """Give whoever asks: set by the middleware for a session, by the authentication for a token."""
        return cast("Actor", cast(Any, self.request).actor)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the caller as REST framework does, then the query string, of which empty filters are left out."""
        super().initial(request, *args, **kwargs)
        if self.action in ("list", "retrieve"):
            self._refuse_unknown_query(request)
        if request.method in SAFE:
            # From there REST framework reads the query string, and so does whoever filters by it.
            read: Any = request._request  # noqa: SLF001  # REST framework has no other name for it
            read.GET = _without_empty(request.query_params)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Give the answer, with its ETag once it is rendered, or 304 where the reader has it already."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(final, Response):  # a stored answer is a plain HttpResponse
            known = request.headers.get("If-None-Match", "") if request.method in SAFE else ""
            final.add_post_render_callback(partial(_stamp, known))
        return final

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Give the page; of what a ReadSerializer writes, as rows with just its columns."""
        serializer = self.get_serializer_class()
        if issubclass(serializer, ReadSerializer) and isinstance(queryset, QuerySet):
            queryset = queryset.values("id", *serializer.columns() - {"id"})
        return super().paginate_queryset(queryset)

    def _refuse_unknown_query(self, request: Request) -> None:
        known = set(self.query_names)
        if self.action == "list":
            known |= {"cursor", "page_size"} if self.paginator else set()
            known |= set(getattr(getattr(self, "filterset_class", None), "base_filters", ()))
        for name in request.query_params.keys() - known:
            raise Invalid(
                "query.unknown",
                _("“%(name)s” is no parameter of this address. It knows: %(known)s.")
                % {"name": name[:60], "known": ", ".join(sorted(known)) or "–"},
                field=name[:60],
            )
        for name, values in request.query_params.lists():
            if name in NEVER_EMPTY and not all(values):
                said = _("“%(name)s” is empty. Give it a value, or leave it out.")
                raise Invalid("query.empty", said % {"name": name}, field=name)
            given = [value for value in values if value]
            if len(given) > 1 and name not in self.repeatable:
                raise Invalid(
                    "query.one_value",
                    _("“%(name)s” takes one value, and it was given %(count)s. Leave it out to ask for all.")
                    % {"name": name, "count": len(given)},
                    field=name,
                )


class ReadViewSet(ListModelMixin, RetrieveModelMixin, BaseViewSet[M]):
    """A list in cursor pages and one thing by its key, both with ETags.

    `get_object` looks up `lookup_field` in the visible things; what one may not see is 404.
    """


class ActionViewSet(ReadViewSet[M]):
    """Reads, and verbs that change: each handler parses, calls one action and answers with the thing as it is now.

        @verb(AcceptTicketInput, gives=TicketSerializer)
        def accept(self, request, key):
            accept_ticket(actor=self.actor, ticket=self.get_object(), **self.parsed(AcceptTicketInput))
            return self.answer()

    Changes honour `Idempotency-Key` (or the client UUID in the body) and `If-Match`; both run in one
    transaction with the action.
    """

    # The name in the body under which devices send their own UUID of a new thing.
    uuid_field: ClassVar[str] = "client_uuid"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the caller, then put the guards around the handler that REST framework is about to call."""
        super().initial(request, *args, **kwargs)
        name = cast(str, request.method).lower()
        handler = getattr(self, name, None)
        if request.method not in SAFE and handler is not None:
            setattr(self, name, partial(self._guarded, handler))

    def parsed(self, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """Give the validated request body; raises ValidationError (400)."""
        body = serializer(data=self.request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return cast(dict[str, Any], body.validated_data)

    def answer(self, thing: object | None = None, *, status: int = 200) -> Response:
        """Give the thing as a reader of its address would get it (without one: the one of this address, read anew)."""
        found = self.get_object() if thing is None else thing
        return Response(self.representation(found), status=status)

    def created(self, thing: object, *, location: str = "") -> Response:
        """Give 201 with the new thing and, in Location, the address to read it at."""
        response = self.answer(thing, status=201)
        if location:
            response["Location"] = self.request.build_absolute_uri(location)
        return response

    def representation(self, thing: object) -> Any:
        """Give the JSON-ready data that `retrieve` answers for the thing."""
        action, self.action = self.action, "retrieve"
        try:
            return self.get_serializer(thing).data
        finally:
            self.action = action

    def _guarded(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Any:
        key = idempotency.key_of(request, self.uuid_field) if request.method == "POST" else ""
        if_match = request.headers.get("If-Match", "") if etag.is_detail(self) else ""
        call = partial(handler, request, *args, **kwargs)
        if if_match:
            call = partial(self._if_unchanged, if_match, call)
        if key and request.user.is_authenticated:
            return idempotency.once(request, key, call, PlainJSONRenderer().render)
        return call()

    def _if_unchanged(self, if_match: str, call: Callable[[], Response]) -> Response:
        with transaction.atomic():
            thing = self.get_object()
            # Held until the action has committed, so that nothing changes between the look and the change.
            type(thing)._base_manager.select_for_update().filter(pk=thing.pk).first()
            current = PlainJSONRenderer().render(self.representation(self.get_object()))
            etag.check_if_match(if_match, etag.etag_of(current))
            return call()


def _without_empty(query: QueryDict) -> QueryDict:
    """Give the query string as if its empty parameters had not been sent, as forms send them."""
    found = query.copy()
    for name, values in query.lists():
        found.setlist(name, [value for value in values if value])
        if not found.getlist(name):
            del found[name]
    return found


def _stamp(known: str, response: HttpResponseBase) -> HttpResponseBase | None:
    return etag.stamp(response, known)
