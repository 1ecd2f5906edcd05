"""Reports to take along: `/reports/files/<report>.csv` and `.xlsx`, over the same filters as the page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import Invalid
from rnd.cycles.documents import Document
from rnd.cycles.files.tables import to_csv
from rnd.cycles.files.workbook import to_xlsx
from rnd.cycles.forms import ReportForm
from rnd.cycles.pages import PAGES
from rnd.cycles.views import documents_of, form_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def report_csv(request: PageRequest, report: str) -> HttpResponse:
    """Give a report as CSV, and after it the one beside; `?section=` gives one table of it."""
    section = request.GET.get("section", "")
    text = "\r\n".join(to_csv(one, section=section) for one in _documents(request, report))
    # The mark lets a spreadsheet see that it is UTF-8.
    return _file(f"\ufeff{text}".encode(), "text/csv; charset=utf-8", f"{report}.csv")


@require_safe
@login_required
def report_xlsx(request: PageRequest, report: str) -> HttpResponse:
    """Give a report as a workbook with charts."""
    return _file(to_xlsx(_documents(request, report)), XLSX, f"{report}.xlsx")


def _documents(request: PageRequest, report: str) -> list[Document]:
    request.actor.require("report.see")
    shown = PAGES[report]
    form = form_of(shown, request.GET, request.actor)
    if not form.is_valid():
        raise filter_invalid(form)
    return documents_of(shown, form, request.actor)


def filter_invalid(form: ReportForm) -> Invalid:
    """Give the error that names what is wrong with the filters first."""
    field, errors = next(iter(form.errors.items()))
    return Invalid("report.filter_invalid", str(errors[0]) or _("This filter says nothing."), field=str(field))


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="fieldloop-{name}"'}
    )
