"""The board and the list of tasks: parse, ask, render."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from foundation.accounts.middleware import PageRequest
from frontline_feedback.keys import pk_of as ticket_pk_of
from frontline_feedback.models import Ticket
from rnd.engineering import actions, queries
from rnd.engineering.forms import BoardFilterForm, OpenTaskForm
from rnd.engineering.models import Task


@require_safe
@login_required
def board(request: PageRequest) -> HttpResponse:
    """Show the open stages side by side."""
    actor = request.actor
    actor.require("task.see")
    form = BoardFilterForm(request.GET or None, actor=actor)
    columns = queries.board(actor, form.filters())
    return render(
        request,
        "engineering/board.html",
        {
            "form": form,
            "columns": columns,
            "count": sum(column.count for column in columns),
            "may_move": actor.may("task.move"),
        },
    )


@require_safe
@login_required
def task_list(request: PageRequest) -> HttpResponse:
    """List tasks, done ones too, with a search."""
    actor = request.actor
    actor.require("task.see")
    form = BoardFilterForm(request.GET or None, actor=actor)
    stage = request.GET.get("stage", "")
    stage = stage if stage in ("open", *Task.Stage.values) else ""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    tasks = queries.tasks_for(actor, stage=stage, text=text, filters=form.filters())
    page = Paginator(tasks, 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "stage": stage, "text": text, "stages": Task.Stage.choices}
    return render(request, "engineering/task_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_task(request: PageRequest) -> HttpResponse:
    """Open a task, from a ticket (`?ticket=FB-12`) or on its own."""
    actor = request.actor
    actor.require("task.open")
    if request.method == "POST":
        form = OpenTaskForm(request.POST, actor=actor)
        if form.is_valid():
            values = form.cleaned_data
            task = actions.open_task(
                actor=actor,
                component=values["component"],
                title=values["title"],
                body=values["body"],
                ticket=values["ticket"],
                assignee=request.user if values["assign_to_me"] else None,
                client_uuid=values["client_uuid"],
            )
            return redirect(task)
        return render(request, "engineering/task_open.html", {"form": form}, status=422)
    return render(request, "engineering/task_open.html", {"form": OpenTaskForm(actor=actor, initial=_initial(request))})


def _initial(request: PageRequest) -> dict[str, object]:
    """Fill the form from the ticket that it was opened from."""
    pk = ticket_pk_of(request.GET.get("ticket", ""))
    ticket = Ticket.objects.visible_to(request.actor).filter(pk=pk).first() if pk else None
    if ticket is None:
        return {}
    return {"ticket": ticket.key, "component": ticket.component_id, "title": ticket.title}
