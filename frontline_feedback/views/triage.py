"""`/triage/`: the inbox on the left, one ticket on the right, decided by a key each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from frontline_feedback import queries
from frontline_feedback.forms import ClassifyForm
from frontline_feedback.inbox import inbox
from frontline_feedback.panels import panels_of


@require_safe
@login_required
def triage(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """Show the inbox with one of its tickets opened: the one asked for, else the most urgent."""
    request.actor.require("ticket.accept")
    listed = inbox(request.actor)
    ticket = queries.ticket_by_pk(request.actor, pk) if pk is not None else listed.first
    following = listed.after(ticket) if ticket is not None else None
    start = reverse("frontline_feedback:triage")
    next_url = reverse("frontline_feedback:triage_ticket", kwargs={"pk": following.pk}) if following else start
    context = {
        "inbox": listed,
        "ticket": ticket,
        "picked": pk is not None,
        "panels": panels_of(request.actor, ticket, next_url=next_url) if ticket else None,
    }
    only_pane = request.headers.get("HX-Target") == "triage-pane"
    return render(request, f"frontline_feedback/{'_triage_pane' if only_pane else 'triage'}.html", context)


@require_safe
@login_required
def merge_candidates(request: PageRequest, pk: int) -> HttpResponse:
    """List the tickets that this one may be merged into, for the dialog."""
    ticket = queries.ticket_by_pk(request.actor, pk)
    request.actor.require("ticket.merge", programme_id=ticket.programme_id)
    text = request.GET.get("q", "")[:200]
    candidates = queries.merge_candidates(request.actor, ticket, text)
    context = {"ticket": ticket, "candidates": candidates, "text": text}
    return render(request, "frontline_feedback/_merge_candidates.html", context)


@require_safe
@login_required
def classification(request: PageRequest, pk: int) -> HttpResponse:
    """Give the form that corrects what a ticket is about, for the dialog."""
    ticket = queries.ticket_by_pk(request.actor, pk)
    request.actor.require("ticket.reclassify", programme_id=ticket.programme_id)
    context = {
        "ticket": ticket,
        "form": ClassifyForm(ticket=ticket, auto_id="classify-%s"),
        "may_accept": panels_of(request.actor, ticket).may["accept"],
        "next_url": request.GET.get("next", ""),
    }
    return render(request, "frontline_feedback/_classification.html", context)
