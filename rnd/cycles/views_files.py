"""Reports to take along: `/reports/files/<report>.csv` and `.xlsx`, over the same filters as the page."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import Invalid
from rnd.cycles.documents import Document
from rnd.cycles.files.tables import to_csv
from rnd.cycles.files.whole import WHOLE, whole_csv
from rnd.cycles.files.workbook import to_xlsx
from rnd.cycles.forms import ReportForm
from rnd.cycles.pages import PAGES
from rnd.cycles.views import documents_of, form_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def report_csv(request: PageRequest, report: str) -> HttpResponseBase:
    """Give a report as CSV, and after it the one beside; `?section=` gives one table of it.

    `?rows=all` gives all rows behind the lists that the report cuts, a chunk at a time.
    """
    if "rows" in request.GET:
        return _all_rows(request, report)
    section = request.GET.get("section", "")
    text = "\r\n".join(to_csv(one, section=section) for one in _documents(request, report))
    # The mark lets a spreadsheet see that it is UTF-8.
    return _file(f"\ufeff{text}".encode(), "text/csv; charset=utf-8", f"{report}.csv")


@require_safe
@login_required
def report_xlsx(request: PageRequest, report: str) -> HttpResponse:
    """Give a report as a workbook with charts."""
    return _file(to_xlsx(_documents(request, report)), XLSX, f"{report}.xlsx")


def _all_rows(request: PageRequest, report: str) -> HttpResponseBase:
    form = _form(request, report)
    if report not in WHOLE or request.GET["rows"] != "all":
        said = _("Only these reports have lists to take along whole, with rows=all: %(reports)s.")
        raise Invalid("report.no_lists", said % {"reports": ", ".join(WHOLE)}, field="rows")
    filters = form.filters()
    asked = [part for part in parse_qsl(filters.query()) if part[0] != "by"]
    return StreamingHttpResponse(
        whole_csv(report, request.actor, filters, asked),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="fieldloop-{report}-all.csv"'},
    )


def _form(request: PageRequest, report: str) -> ReportForm:
    request.actor.require("report.see")
    form = form_of(PAGES[report], request.GET, request.actor)
    if not form.is_valid():
        raise filter_invalid(form)
    return form


def _documents(request: PageRequest, report: str) -> list[Document]:
    return documents_of(PAGES[report], _form(request, report), request.actor)


def filter_invalid(form: ReportForm) -> Invalid:
    """Give the error that names what is wrong with the filters first."""
    field, errors = next(iter(form.errors.items()))
    return Invalid("report.filter_invalid", str(errors[0]) or _("This filter says nothing."), field=str(field))


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="fieldloop-{name}"'}
    )
