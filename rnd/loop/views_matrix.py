"""The traceability matrix as page, CSV and XLSX."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from foundation.accounts.actors import Actor
from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import Team
from foundation.catalogue.models import Component
from foundation.kit import clock
from foundation.kit.errors import Invalid, NotFound
from foundation.kit.paging import page_of
from foundation.kit.tables import csv_response
from frontline_feedback.models import Severity, Ticket
from rnd.loop import matrix
from rnd.loop.matrix import GAPS, Filters, Row

_ALL = ("", gettext_lazy("All"))
_TICKETS = 25


class MatrixForm(forms.Form):
    """What the matrix is narrowed to."""

    component = forms.ModelChoiceField(
        Component.objects.none(), label=gettext_lazy("Component"), required=False, to_field_name="slug",
        empty_label=_ALL[1],
    )  # fmt: skip
    version = forms.CharField(label=gettext_lazy("Release"), required=False, max_length=120)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team"), required=False, to_field_name="slug", empty_label=_ALL[1]
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), required=False, choices=[_ALL, *[(s, s) for s in Severity.values]]
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[_ALL, *Ticket.State.choices])
    gap = forms.ChoiceField(label=gettext_lazy("Gap"), required=False, choices=[_ALL, *GAPS])
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        components, teams = self.fields["component"], self.fields["team"]
        assert isinstance(components, forms.ModelChoiceField)
        assert isinstance(teams, forms.ModelChoiceField)
        components.queryset = Component.objects.visible_to(actor)
        teams.queryset = (
            Team.objects.filter(programmes__in=actor.programmes(), kind="field").distinct().order_by("name")
        )

    def filters(self) -> Filters:
        """Give the filters; raises Invalid with the first sentence where one is wrong."""
        if not self.is_valid():
            field, errors = next(iter(self.errors.items()))
            raise Invalid("query.invalid", str(errors[0]), field=field)
        values = self.cleaned_data
        return Filters(
            component=values["component"].slug if values["component"] else "",
            version=values["version"].replace("\x00", "").strip(),
            team=values["team"].pk if values["team"] else None,
            severity=values["severity"],
            state=values["state"],
            gap=values["gap"],
            since=_day(values["since"]),
            until=_day(values["until"]),
        )


def _day(value: Any) -> datetime | None:
    return datetime.combine(value, time.min, UTC) if value else None


@require_safe
@login_required
def page(request: PageRequest) -> HttpResponse:
    """Show the matrix, some tickets a page."""
    actor = request.actor
    actor.require("ticket.see")
    form = MatrixForm(request.GET, actor=actor)
    if not form.is_valid():
        return render(request, "loop/matrix.html", {"form": form}, status=422)
    filters = form.filters()
    tickets = page_of(matrix.tickets_of(actor, filters), request, size=_TICKETS)
    context = {
        "form": form,
        "page": tickets,
        "rows": matrix.rows_of(actor, tickets.rows, filters),
        "query": request.GET.urlencode(),
    }
    return render(request, "loop/matrix.html", context)


@require_safe
@login_required
def download(request: PageRequest, form: str) -> HttpResponseBase:
    """Give the whole matrix, as far as the filters leave it, as "csv" or "xlsx"."""
    actor = request.actor
    actor.require("ticket.see")
    if form not in ("csv", "xlsx"):
        raise NotFound("matrix.form_unknown", _("The matrix comes as matrix.csv and matrix.xlsx."))
    filters = MatrixForm(request.GET, actor=actor).filters()
    name = f"traceability-{clock.now():%Y-%m-%d}"
    cells = (_cells(row) for row in matrix.all_rows(actor, filters))
    if form == "csv":
        return csv_response(name, _head(), cells)
    return FileResponse(
        _workbook(_head(), cells),
        as_attachment=True,
        filename=f"{name}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _head() -> list[str]:
    return [
        _("Ticket"), _("Title"), _("Team"), _("Severity"), _("State"), _("Task"), _("Stage"), _("Commit"),
        pgettext("column", "Link"), _("Component"), _("Release"), _("Installed"), _("Hardware"), _("Verdict"),
        _("Given"), _("Gap"),
    ]  # fmt: skip


def _cells(row: Row) -> list[object]:
    ticket, task, installation, verdict = row.ticket, row.task, row.installation, row.verdict
    return [
        ticket.key, ticket.title, ticket.team.name, ticket.severity, ticket.outcome or ticket.state,
        task.key if task else "", task.stage if task else "", row.commit.sha if row.commit else "", row.strength,
        row.release.component.name if row.release else ticket.component.name,
        row.release.version if row.release else "",
        f"{installation.installed_at:%Y-%m-%dT%H:%M:%SZ}" if installation else "",
        str(installation.hardware) if installation else "",
        verdict.outcome if verdict else "", f"{verdict.given_at:%Y-%m-%dT%H:%M:%SZ}" if verdict else "", row.gap,
    ]  # fmt: skip


def _workbook(head: Sequence[str], rows: Iterator[list[object]]) -> Any:
    """Write the sheet row by row into a file on disk; no cell is ever a formula or a link."""
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 -- FileResponse closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file.name, options) as book:
        sheet = book.add_worksheet("traceability")
        bold = book.add_format({"bold": True})
        for column, text in enumerate(head):
            sheet.write_string(0, column, text, bold)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, str(value)[:32_000])
    file.seek(0)
    return file
