"""Reports to take along: `/reports/files/<report>.csv` and `.xlsx`, over the same filters as the page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import Invalid
from rnd.cycles.documents import Document
from rnd.cycles.files.sheets import whole_xlsx
from rnd.cycles.files.streamed import whole_csv
from rnd.cycles.files.tables import to_csv
from rnd.cycles.files.whole import ALL, Whole, check_whole, whole
from rnd.cycles.files.workbook import to_xlsx
from rnd.cycles.forms import ReportForm
from rnd.cycles.forms_asking import form_for
from rnd.cycles.pages import PAGES
from rnd.cycles.views import documents_of, form_of

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def report_csv(request: PageRequest, report: str) -> HttpResponseBase:
    """Give a report as CSV, and after it the one beside; `?section=` gives one table of it.

    `?rows=all` gives all rows behind the lists that the report cuts, a chunk at a time.
    """
    if _wants_whole(request, report):
        return StreamingHttpResponse(
            whole_csv(_whole(request, report)), content_type=CSV, headers=_named(f"{report}-all.csv")
        )
    section, documents = request.GET.get("section", ""), _documents(request, report)
    _check_section(section, documents)
    text = "\r\n".join(to_csv(one, section=section) for one in documents)
    # The mark lets a spreadsheet see that it is UTF-8.
    return HttpResponse(f"\ufeff{text}".encode(), content_type=CSV, headers=_named(f"{report}.csv"))


@require_safe
@login_required
def report_xlsx(request: PageRequest, report: str) -> HttpResponseBase:
    """Give a report as a workbook with charts; `?rows=all` gives all rows behind the lists that it cuts instead."""
    if _wants_whole(request, report):
        found = whole_xlsx(_whole(request, report))
        return FileResponse(found, content_type=XLSX, headers=_named(f"{report}-all.xlsx"))
    return HttpResponse(to_xlsx(_documents(request, report)), content_type=XLSX, headers=_named(f"{report}.xlsx"))


def _wants_whole(request: PageRequest, report: str) -> bool:
    """Tell whether all rows are asked for; of a report with long tables, `rows` may be a number too."""
    return "rows" in request.GET and (request.GET["rows"] == ALL or "rows" not in form_for(report).base_fields)


def _whole(request: PageRequest, report: str) -> Whole:
    request.actor.require("report.see")
    check_whole(report, request.GET["rows"])
    query = request.GET.copy()
    del query["rows"]
    return whole(report, request.actor, _form(request, report, query).filters())


def _form(request: PageRequest, report: str, query: QueryDict | None = None) -> ReportForm:
    request.actor.require("report.see")
    form = form_of(PAGES[report], request.GET if query is None else query, request.actor)
    if not form.is_valid():
        raise filter_invalid(form)
    return form


def _documents(request: PageRequest, report: str) -> list[Document]:
    return documents_of(PAGES[report], _form(request, report), request.actor)


def _check_section(section: str, documents: list[Document]) -> None:
    """Raise Invalid for a section that the report does not have."""
    known = dict.fromkeys(one.name for document in documents for one in document.sections)
    if section and section not in known:
        said = _("There is no section “%(section)s” in this report. There are %(known)s.")
        raise Invalid(
            "report.section_unknown", said % {"section": section[:60], "known": ", ".join(known)}, field="section"
        )


def filter_invalid(form: ReportForm) -> Invalid:
    """Give the error that names what is wrong with the filters first."""
    field, errors = next(iter(form.errors.items()))
    return Invalid("report.filter_invalid", str(errors[0]) or _("This filter says nothing."), field=str(field))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="fieldloop-{name}"'}
