"""`/reports/…`: the report pages, each a document over whatever its filters let through, and the tickets behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from secrets import token_hex
from time import perf_counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.actors import Actor
from foundation.accounts.middleware import PageRequest
from foundation.kit.replicas import reading_from_replica
from rnd.cycles.documents import Document, Note, Section
from rnd.cycles.files.whole import WHOLE
from rnd.cycles.filters import Filters
from rnd.cycles.forms import NEEDING, FilterForm, ReportForm, Word
from rnd.cycles.forms_asking import form_for
from rnd.cycles.forms_saving import SaveForm
from rnd.cycles.forms_tickets import TicketsForm
from rnd.cycles.kept import Drawn, drawn_before, keep_drawn, kept_document
from rnd.cycles.listing import COUNTED, loop_page
from rnd.cycles.pages import PAGES, Page, page_url
from rnd.cycles.presenting import all_rows_url, chart_of, longest_drawn, written

# Where the report goes into its frame, as bytes: nothing that anybody wrote can read so, for it would be escaped.
_HERE = SafeString("<!-- report -->")
# How far a chart goes beyond its highest level, as in static/js/charts.js.
ABOVE = 1.08


@require_safe
@login_required
def page(request: PageRequest, report: str) -> HttpResponse:
    """Show one report, and beside it the same one over something else where that is asked for."""
    request.actor.require("report.see")
    shown = PAGES[report]
    drawn = drawn_before(shown, request.actor, request.GET.urlencode())
    if drawn is None:
        form = form_of(shown, request.GET, request.actor)
        if not form.is_valid():
            context = {"page": shown, "form": form, "address": page_url(report)}
            return render(request, "cycles/document.html", context, status=422)
        drawn = _drawn(shown, form, request, request.GET)
    return _framed(request, shown, drawn)


def page_again(request: PageRequest, shown: Page, form: ReportForm, query: QueryDict, saving: SaveForm) -> HttpResponse:
    """Show the report that a valid form asks for again, and beside its name why it could not be saved."""
    return _framed(request, shown, _drawn(shown, form, request, query, saving), status=422)


def _framed(request: PageRequest, shown: Page, drawn: Drawn, *, status: int = 200) -> HttpResponse:
    token = get_token(request)  # the frame has it too: to veil it twice costs more than to look the page up
    context = {"page": shown, "content": _HERE, "charts": drawn.charts, "csrf_token": token}
    frame = render_to_string("cycles/document.html", context, request)
    return HttpResponse(frame.encode().replace(_HERE.encode(), drawn.told_to(token), 1), status=status)


@require_safe
@login_required
def report_tickets(request: PageRequest) -> HttpResponse:
    """List the tickets behind a figure, each with its strip."""
    request.actor.require("report.see")
    form = TicketsForm(request.GET, actor=request.actor)
    if not form.is_valid():
        return render(request, "cycles/report_tickets.html", {"form": form}, status=422)
    asked = form.asked()
    with reading_from_replica():
        listing = loop_page(request.actor, asked, request)
    context = {
        "form": form,
        "asked": asked,
        "listing": listing,
        "counted": written(min(listing.n, COUNTED), "count"),
        "first_page": f"?{without(request.GET, ['page'])}",
        "without_length": asked.query(at_least="", under=""),
        "chips": chips_of(form, request.GET),
    }
    return render(request, "cycles/report_tickets.html", context)


def form_of(shown: Page, query: Any, actor: Actor) -> ReportForm:
    """Give the form that reads the address of a page."""
    return form_for(shown.slug)(query, actor=actor)


def _drawn(
    shown: Page, form: ReportForm, request: PageRequest, query: QueryDict, saving: SaveForm | None = None
) -> Drawn:
    """Draw the report that a valid form asks for, beside the other one where there is one.

    `saving` is what could not be saved; what is drawn with it is for this reader only.
    """
    began, filters, address = perf_counter(), form.filters(), query.urlencode()
    documents = documents_of(shown, form, request.actor)
    document, charts, mark = documents[0], charts_of(documents), token_hex(16)
    context: dict[str, Any] = {
        "page": shown,
        "form": form,
        "action": page_url(shown.slug),
        "chips": chips_of(form, query),
        "alone": without(query, [name for name in query if name == "against" or name.startswith("vs-")]),
        "document": document,
        "other": documents[1] if documents[1:] else None,
        "pairs": pairs_of(documents),
        "charts": charts,
        "zone": str(filters.zone),
        "other_zone": documents[1].filters["zone"] if documents[1:] else "",
        "query": address,
        "saving": saving or SaveForm(),
        "csv_url": reverse(f"cycles:csv_{shown.slug}"),
        "xlsx_url": reverse(f"cycles:xlsx_{shown.slug}"),
        "api_url": reverse("cycles-report", kwargs={"report": shown.slug}),
        "all_rows": filters.query(rows="all") if _is_cut(document, filters) else "",
        "csrf_token": mark,
    }
    html = render_to_string("cycles/_drawn.html", context, request)
    drawn = Drawn(html.encode(), bool(charts), mark.encode(), document.as_of)
    if not documents[1:] and saving is None:
        took = perf_counter() - began
        asked = form.asked()
        keep_drawn(shown, request.actor, filters, asked, address=address, document=document, drawn=drawn, took=took)
    return drawn


def _is_cut(document: Document, filters: Filters) -> bool:
    """Tell whether a list of the report says that all of it is in a file."""
    if document.report not in WHOLE:
        return False
    file = all_rows_url(filters, document.report)
    return any(note.url == file for section in document.sections for note in section.notes)


def documents_of(shown: Page, form: ReportForm, actor: Actor) -> list[Document]:
    """Give the report that a valid form asks for, and the one beside it."""
    asked, against = form.asked(), form.against_filters()
    wanted = [(form.filters(), form.words())]
    if against is not None:
        wanted.append((against, form.against_words()))
    with reading_from_replica():
        found = [kept_document(shown, actor, filters, asked, pairs(words)) for filters, words in wanted]
    if form.lacks_other:
        said = _(
            "Nothing is chosen for this side yet, so both sides show the same. Choose a team, a severity, a period or "
            "anything else under “Side by side”."
        )
        found[1] = _with_note(found[1], Note(said, "info"))
    return found


def _with_note(document: Document, note: Note) -> Document:
    """Give the document with a note before all that it says."""
    first, *rest = document.sections
    return replace(document, sections=[replace(first, notes=[note, *first.notes]), *rest])


def pairs(words: list[Word]) -> list[tuple[str, str]]:
    """Give the filters in words as a document holds them."""
    return [(word.label, word.value) for word in words]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a section: its anchor, the section, whether it is the one beside, and the document it is of."""

    anchor: str
    section: Section | None
    beside: bool
    document: Document


def pairs_of(documents: list[Document]) -> list[list[Side]]:
    """Give for each section its sides: one, or two of the same name."""
    names = list(dict.fromkeys(section.name for one in documents for section in one.sections))
    return [
        [
            Side(f"{name}-beside" if beside else name, one.section(name), bool(beside), one)
            for beside, one in enumerate(documents)
        ]
        for name in names
    ]


def charts_of(documents: list[Document]) -> dict[str, dict[str, Any]]:
    """Give what is drawn, by the anchor of its section; two of the same name get the same scale and unit."""
    found: dict[str, dict[str, Any]] = {}
    for sides in pairs_of(documents):
        drawn = [(side, side.section) for side in sides if side.section is not None and side.section.drawn]
        longest = max((longest_drawn(section) for _side, section in drawn), default=0)
        specs = {
            side.anchor: chart_of(section, side.document.filters.get("zone", "UTC"), longest=longest)
            for side, section in drawn
        }
        if len(specs) > 1:
            shared = _shared(list(specs.values()))
            specs = {anchor: {**spec, **shared} for anchor, spec in specs.items()}
        found |= specs
    return found


def _shared(specs: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the ends of the scales that charts side by side share."""
    ends: dict[str, Any] = {}
    if len({spec["unit"] for spec in specs}) == 1:
        levels = [level["value"] * ABOVE for spec in specs for level in spec["levels"]]
        ends["most"] = max([*levels, *(_most(spec) for spec in specs)])
    if all("from" in spec for spec in specs):
        ends |= {"from": min(spec["from"] for spec in specs), "until": max(spec["until"] for spec in specs)}
    return ends


def _most(spec: dict[str, Any]) -> float:
    columns = [[value or 0 for value in series["values"]] for series in spec["series"]]
    if spec["kind"] in {"stacked", "area"}:
        return max((sum(values) for values in zip(*columns, strict=True)), default=0)
    return max((value for values in columns for value in values), default=0)


def chips_of(form: FilterForm, query: QueryDict) -> list[tuple[str, str, str]]:
    """Give each filter in words with the address that takes it away."""
    found = []
    for word in form.words():
        against = query.get("against")
        needs = any(against in NEEDING.get(name, ()) for name in word.fields)
        found.append((word.label, word.value, without(query, [*word.fields, *(["against"] if needs else [])])))
    return found


def without(query: QueryDict, names: Collection[str]) -> str:
    """Give a query string without these parts."""
    left = query.copy()
    for name in names:
        left.pop(name, None)
    return left.urlencode()
