"""`/api/v1/cycles/`: the loops of tickets, and the very figures of the report's page."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db.models import Prefetch, QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from foundation.accounts.rights import right_of
from foundation.kit.api.views import SAFE, BaseViewSet, ReadViewSet
from foundation.kit.errors import Invalid, NotFound
from frontline_feedback.keys import PATTERN, key_of, pk_of
from frontline_feedback.models import Severity
from rnd.cycles import reports, wire
from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents_json import to_wire
from rnd.cycles.files.streamed import whole_json
from rnd.cycles.files.whole import ALL, WHOLE, check_whole, whole
from rnd.cycles.forms import AGAINST, PERIODS, FilterForm, ReportForm
from rnd.cycles.forms_asking import ASKING, form_for
from rnd.cycles.forms_tickets import TicketsForm
from rnd.cycles.listing import BAND, FINISHED, LEFT_OUT, OPEN, OUTLOOKS, REASONS, RECORDED, UNRECORDED, loops
from rnd.cycles.models import Loop, Segment
from rnd.cycles.pages import PAGES
from rnd.cycles.views import documents_of


def _parameter(name: str, says: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, more.pop("type", OpenApiTypes.STR), description=says, **more)


FILTERS: Final = (
    _parameter("programme", "Slug of a programme."),
    _parameter("component", "Slug of a component."),
    _parameter("platform", "Slug of a platform."),
    _parameter("team", "Slug of the reporting team."),
    _parameter("severity", "", enum=Severity.values),
    _parameter("hardware", "Number of a hardware revision.", type=OpenApiTypes.INT),
    _parameter("release", "Number of the release whose verdict finished the loop.", type=OpenApiTypes.INT),
    OpenApiParameter("passes", {"type": "integer", "minimum": 1, "maximum": 1000}, description="Count of passes."),
    _parameter("since", "The first day of the period in which loops finished.", type=OpenApiTypes.DATE),
    _parameter("until", "Its last day.", type=OpenApiTypes.DATE),
)
BY: Final = _parameter(
    "by",
    "The length of the periods (default: month; percentiles by quarter where only quarters have ten loops or more).",
    enum=[value for value, _label in PERIODS],
)
LIST: Final = (
    _parameter("show", "Which loops (default: finished).", enum=[FINISHED, OPEN, LEFT_OUT, *REASONS]),
    _parameter("stage", "Loops that came through this stage.", enum=[stage.value for stage in Stage]),
    _parameter("outlook", "Of open loops (`show=open`), what can be expected of their service level.", enum=OUTLOOKS),
    _parameter("work", "Loops whose work was recorded, or was not.", enum=[RECORDED, UNRECORDED]),
    _parameter("band", "Of finished loops, those from one percentile of their length to another.", enum=[BAND]),
    *(
        OpenApiParameter(name, {"type": "integer", "minimum": 0, "maximum": 2**62}, description=says)
        for name, says in (
            ("at_least", "Loops that took so many microseconds or more."),
            ("under", "Loops that took fewer microseconds."),
        )
    ),
)


class _ReadOnly(BaseViewSet[Loop]):
    """Nothing can be written here, so no token has a scope to: it is told so (405) before it is asked for one."""

    def check_permissions(self, request: Request) -> None:
        """Raise MethodNotAllowed for what is no reading, then whatever else forbids it."""
        if request.method not in SAFE and request.user.is_authenticated:
            self.http_method_not_allowed(request)
        super().check_permissions(request)


@extend_schema_view(
    list=extend_schema(parameters=[*FILTERS, *LIST]), retrieve=extend_schema(responses=wire.WholeLoopSerializer)
)
class LoopViewSet(_ReadOnly, ReadViewSet[Loop]):
    """The loops of tickets, the newest ticket first; one with its segments."""

    queryset = Loop.objects.none()
    lookup_url_kwarg = "key"
    lookup_value_regex = PATTERN
    ordering = "-pk"
    query_names: ClassVar[frozenset[str]] = frozenset(parameter.name for parameter in (*FILTERS, *LIST))

    def get_serializer_class(self) -> type[BaseSerializer[Loop]]:
        """Give one loop its segments; a list does without."""
        return wire.WholeLoopSerializer if self.action == "retrieve" else wire.LoopSerializer

    def get_queryset(self) -> QuerySet[Loop]:
        """Give the visible loops; in the list, those that the query string asks for."""
        self.actor.require("report.see")
        if self.action != "list":
            found: QuerySet[Loop] = Loop.objects.visible_to(self.actor).prefetch_related(
                Prefetch("segments", Segment.objects.order_by("ordinal"))
            )
        else:
            form = TicketsForm(self.request.query_params, actor=self.actor)
            _check(form)
            found = loops(self.actor, form.asked())
        return found.select_related("ticket", "programme", "platform", "component", "hardware", "team")

    def get_object(self) -> Loop:
        """Give the visible loop of the ticket that the key names; raises NotFound."""
        ticket_id = pk_of(self.kwargs["key"]) or 0
        loop = self.get_queryset().filter(pk=ticket_id).first()
        if loop is None:
            raise NotFound(
                "loop.not_found",
                _("There is no loop of %(key)s that you may see, or it is not computed yet.")
                % {"key": key_of(ticket_id)},
            )
        return loop


@extend_schema_view(retrieve=extend_schema(parameters=[*FILTERS, BY]))
class SummaryViewSet(_ReadOnly):
    """The report's figures."""

    queryset = Loop.objects.none()
    serializer_class = wire.SummarySerializer
    query_names: ClassVar[frozenset[str]] = frozenset(parameter.name for parameter in (*FILTERS, BY))

    def retrieve(self, request: Request) -> Response:
        """Give the report over the loops that the filters let through."""
        self.actor.require("report.see")
        form = FilterForm(request.query_params, actor=self.actor)
        _check(form)
        return Response(self.get_serializer(reports.summary(self.actor, form.filters())).data)


ASKED: Final = (
    _parameter("tickets", "Of a forecast: the keys of the open tickets that it is for, with commas between."),
    *(
        OpenApiParameter(name, {"type": "integer", "minimum": 1, "maximum": most}, description=says)
        for name, most, says in (
            ("n", 1000, "Of a forecast: how many loops."),
            ("days", 365, "Of a forecast: within how many days."),
            ("engineers", 1000, "Of a forecast: how many engineers there are now."),
            (
                "releases_from",
                100_000,
                "Of shipping: the place of the first release that is listed, the newest being 1.",
            ),
            ("fixes_from", 100_000_000, "Of shipping: the place of the first fix that is listed, the newest being 1."),
        )
    ),
)
ROWS: Final = OpenApiParameter(
    "rows",
    {"oneOf": [{"type": "integer", "minimum": 1, "maximum": 500}, {"type": "string", "enum": [ALL]}]},
    description=f"A number, of shipping: how many releases and fixes are listed. `{ALL}`, of {', '.join(WHOLE)}: every "
    "row (of shipping: every fix) behind the lists that the report cuts, in place of the report, streamed however "
    "many there are (without ETag, and without what it is set beside).",
)
# What a token needs besides `cycles:read`, for reports of what is not in loops.
BESIDES: Final = {"engineering": right_of("task.see").scope}
REPORT: Final = OpenApiParameter("report", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(PAGES))
SIDES: Final = (
    _parameter(
        "against",
        "Gives the same report over something else, in `beside`: the period before or a year before (`since` is "
        "needed), the programme's baseline, or what the `vs-…` filters say.",
        enum=[value for value, _label in AGAINST if value],
    ),
    *(
        OpenApiParameter(
            f"vs-{one.name}", one.type, description=f"The other side's {one.name} (default: the same).", enum=one.enum
        )
        for one in FILTERS
    ),
)


@extend_schema_view(
    retrieve=extend_schema(
        parameters=[REPORT, *FILTERS, BY, *ASKED, ROWS, *SIDES],
        responses=PolymorphicProxySerializer(
            "ReportOrAllRows", [wire.DocumentSerializer, wire.WholeSerializer], resource_type_field_name=None
        ),
    )
)
class ReportViewSet(_ReadOnly):
    """The very figures of each report's page, with what tells how to read them."""

    queryset = Loop.objects.none()
    serializer_class = wire.DocumentSerializer
    query_names: ClassVar[frozenset[str]] = frozenset(
        parameter.name for parameter in (*FILTERS, BY, *ASKED, ROWS, *SIDES)
    )

    def retrieve(self, request: Request, report: str) -> HttpResponseBase:
        """Give the report over the loops that the filters let through, and the one that it is set beside."""
        self.actor.require("report.see")
        shown = PAGES.get(report)
        if shown is None:
            said = _("There is no report “%(report)s”. There are %(known)s.")
            raise NotFound("report.unknown", said % {"report": report, "known": ", ".join(PAGES)})
        if report in BESIDES:
            self.actor.require_scope(BESIDES[report])
        if request.query_params.get("rows") == ALL:
            return self._all_rows(request, report)
        for kind in ASKING.values():
            # A number out of bounds is refused, whatever the report.
            _check(kind(request.query_params, actor=self.actor))
        form = form_for(report)(request.query_params, actor=self.actor)
        _check(form)
        first, *others = documents_of(shown, form, self.actor)
        return Response({**to_wire(first), "beside": to_wire(others[0]) if others else None})

    def _all_rows(self, request: Request, report: str) -> HttpResponseBase:
        check_whole(report, ALL)
        query = request.query_params.copy()
        del query["rows"]
        form = form_for(report)(query, actor=self.actor)
        _check(form)
        found = whole(report, self.actor, form.filters())
        return StreamingHttpResponse(whole_json(found), content_type="application/json")


def _check(form: FilterForm) -> None:
    """Raise Invalid with the first thing that is wrong with the filters, of either side."""
    sides = [form, form.other] if isinstance(form, ReportForm) else [form]
    for side in reversed(sides):
        if not side.is_valid():
            field, errors = next(iter(side.errors.items()))
            raise Invalid("report.filter_invalid", str(errors[0]), field=side.add_prefix(field))
