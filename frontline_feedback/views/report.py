"""`/report/`: a report in a minute, and what happens next."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from foundation.accounts.middleware import PageRequest
from frontline_feedback import queries
from frontline_feedback.panels import panels_of
from frontline_feedback.report_form import ReportForm
from frontline_feedback.report_start import report_start


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: PageRequest) -> HttpResponse:
    """Show the form, or take the report in and go on to what happens next."""
    request.actor.require("ticket.report")
    if request.method != "POST":
        form = ReportForm(start=report_start(request.actor))
        return render(request, "frontline_feedback/report.html", {"form": form})
    start = report_start(request.actor, request.POST.dict())
    form = ReportForm(request.POST, request.FILES, start=start)
    ticket = form.report(request.actor) if form.is_valid() else None
    if ticket is None:
        return render(request, "frontline_feedback/report.html", {"form": form}, status=422)
    for refusal in form.attach(request.actor, ticket):
        messages.error(request, refusal)
    return redirect("frontline_feedback:reported", pk=ticket.pk)


@require_safe
@login_required
def report_about(request: PageRequest) -> HttpResponse:
    """Give the part of the form that tells what it is about, for the team, platform and component chosen now."""
    request.actor.require("ticket.report")
    form = ReportForm(start=report_start(request.actor, request.GET.dict()))
    return render(request, "frontline_feedback/_report_about.html", {"form": form, "chosen": True})


@require_safe
@login_required
def reported(request: PageRequest, pk: int) -> HttpResponse:
    """Say that the report has arrived, under which key, and what happens next."""
    ticket = queries.ticket_by_pk(request.actor, pk)
    context = {"ticket": ticket, "panels": panels_of(request.actor, ticket)}
    return render(request, "frontline_feedback/reported.html", context)
