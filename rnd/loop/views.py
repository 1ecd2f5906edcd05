"""The pages that show a ticket's whole way: parse, ask, render."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import Role
from foundation.kit.framing import framed
from foundation.kit.pagers import pager_of
from foundation.kit.tags.forms import pager_html
from frontline_feedback import list_html
from frontline_feedback.forms import filters_of, known_to, written_into
from frontline_feedback.panels import panels_of
from frontline_feedback.queries import TABS, inbox_size, ticket_by_pk, ticket_rows
from rnd.cycles.queries import loops_of
from rnd.loop import queries


@require_safe
@login_required
def home(request: PageRequest) -> HttpResponse:
    """Send each to where their work is: a field team to its tickets, a manager to the reports."""
    actor = request.actor
    if actor.has_role(Role.TRIAGER, Role.ENGINEER, Role.RELEASE_MANAGER, Role.ADMIN):
        return redirect("loop:ticket_list")
    if actor.has_role(Role.MANAGER):
        return redirect("cycles:reports")
    if actor.has_role(Role.REPORTER):
        return redirect("frontline_feedback:my_tickets")
    return render(request, "loop/nothing_here.html")


@require_safe
@login_required
def tickets(request: PageRequest) -> HttpResponse:
    """List the tickets that one may see, each with its strip."""
    actor = request.actor
    actor.require("ticket.see")
    asked = request.GET.get("tab", "open")
    tab = asked if asked in TABS else "open"
    written, known = written_into(request.GET), known_to(actor)
    filters = filters_of(written, known, tab)
    page = ticket_rows(actor, filters, request)
    strips = loops_of([ticket.pk for ticket in page.rows])
    differing = {
        "filters": list_html.ticket_filters(written, known, tab),
        "rows": list_html.ticket_rows((ticket, strips.get(ticket.pk)) for ticket in page.rows),
        "pager": pager_html(pager_of(page, request)),
        "inbox_size": str(inbox_size(actor)),
    }
    shown = {"tabs": queries.tabs(), "tab": tab, "narrowed": filters.any, "may_report": actor.may("ticket.report")}
    return framed(request, "loop/ticket_list.html", differing, **shown)


@require_safe
@login_required
def ticket(request: PageRequest, pk: int) -> HttpResponse:
    """Tell one ticket's whole story."""
    actor = request.actor
    story = queries.story_of(actor, pk)
    context = {
        "story": story,
        "ticket": story.ticket,
        "panels": panels_of(actor, story.ticket, next_url=story.ticket.get_absolute_url()),
        "releases": queries.askable_releases(actor, story.ticket),
        "may_open_task": story.ticket.state == story.ticket.State.ACCEPTED
        and actor.may("task.open", programme_id=story.ticket.programme_id),
        "may_foretell": actor.may("report.see"),
    }
    return render(request, "loop/ticket.html", context)


@require_safe
@login_required
def fix_in(request: PageRequest, pk: int) -> HttpResponse:
    """Answer "is the fix for this ticket in the build I fly?" with yes or no and the reason."""
    actor = request.actor
    asked = ticket_by_pk(actor, pk)
    context: dict[str, object] = {"ticket": asked}
    if named := (request.GET.get("in", "") or request.GET.get("version", "")).replace("\x00", "").strip():
        component = request.GET.get("component", "").replace("\x00", "")
        build, answer = queries.answer_for(actor, asked, build=named, component=component)
        context |= {"build": build, "answer": answer, "named": named}
        if request.headers.get("HX-Request"):
            return render(request, "loop/_answer.html", context)
    context["releases"] = queries.askable_releases(actor, asked)
    context["may_state"] = asked.state == asked.State.ACCEPTED and actor.may(
        "fix.state", programme_id=asked.programme_id
    )
    return render(request, "loop/fix_in.html", context)
