"""`/reports/`: how long loops take and where the time goes; `/reports/tickets/`: the tickets behind each figure."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from rnd.cycles import reports
from rnd.cycles.forms import FilterForm, TicketsForm
from rnd.cycles.listing import loop_page
from rnd.cycles.presenting import present, tickets_url


@require_safe
@login_required
def report(request: PageRequest) -> HttpResponse:
    """Show the loop at a glance, by stage, by component and by period."""
    request.actor.require("report.see")
    form = FilterForm(request.GET, actor=request.actor)
    if not form.is_valid():
        return render(request, "cycles/report.html", {"form": form}, status=422)
    shown = present(reports.summary(request.actor, form.filters()))
    context = {
        "form": form,
        "report": shown,
        "all_url": tickets_url(shown.summary.filters),
        "zone": str(shown.summary.filters.zone),
        "by_component": shown.chart_by_component,
        "by_period": shown.chart_by_period,
    }
    return render(request, "cycles/report.html", context)


@require_safe
@login_required
def report_tickets(request: PageRequest) -> HttpResponse:
    """List the tickets behind a figure, each with its strip."""
    request.actor.require("report.see")
    form = TicketsForm(request.GET, actor=request.actor)
    if not form.is_valid():
        return render(request, "cycles/report_tickets.html", {"form": form}, status=422)
    asked = form.asked()
    context = {
        "form": form,
        "asked": asked,
        "listing": loop_page(request.actor, asked, request),
        "without_at_least": asked.query(at_least=""),
    }
    return render(request, "cycles/report_tickets.html", context)
