"""One task's page, and its verbs: each parses, calls one action and goes back to the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts.actors import Actor
from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import Team
from foundation.journal.queries import activity
from foundation.kit import markdown
from foundation.kit.errors import Invalid
from frontline_feedback.models import Ticket
from releases.models import Commit
from rnd.engineering import actions, queries
from rnd.engineering.actions.link_pull_request import link_pull_request as link_pull
from rnd.engineering.forms import AssignForm, BlockForm, EditTaskForm, LinkPullRequestForm, LinkTicketForm
from rnd.engineering.keys import pk_of
from rnd.engineering.models import Task
from rnd.engineering.ranks import rank_above


def _task(request: PageRequest, pk: int) -> tuple[Actor, Task]:
    actor = request.actor
    return actor, queries.task_by_key(actor, pk)


@require_safe
@login_required
def task(request: PageRequest, pk: int) -> HttpResponse:
    """Show one task: what it is, whom it serves, what carries it, what happened."""
    # Read before the task, which is then never older than its history: who reads of a move can make the next one.
    entries = activity(subjects=[("task", pk)], limit=100)
    actor, found = _task(request, pk)
    return render(
        request,
        "engineering/task.html",
        {
            "task": found,
            "body": markdown.render(found.body),
            "tickets": queries.tickets_of(actor, found),
            "commit_links": queries.commit_links_of(found),
            "releases": queries.releases_with(found),
            "entries": entries,
            "stages": Task.Stage.choices,
            "assign_form": AssignForm(task=found),
            "block_form": BlockForm(initial={"reason": found.blocked_reason}),
            "ticket_form": LinkTicketForm(actor=actor),
            "pull_form": LinkPullRequestForm(task=found),
            "pull_requests": found.pull_requests.select_related("repository").order_by("pk"),
            "may": {
                verb: actor.may(f"task.{verb}", programme_id=found.programme_id)
                for verb in ("move", "assign", "block", "edit", "link")
            },
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: PageRequest, pk: int) -> HttpResponse:
    """Say better what the task is about."""
    actor, found = _task(request, pk)
    actor.require("task.edit", programme_id=found.programme_id)
    form = EditTaskForm(request.POST or None, initial={"title": found.title, "body": found.body})
    if request.method == "POST" and form.is_valid():
        actions.edit_task(actor=actor, task=found, **form.cleaned_data)
        return redirect(found)
    status = 422 if request.method == "POST" else 200
    return render(request, "engineering/task_edit.html", {"form": form, "task": found}, status=status)


@require_POST
@login_required
def move(request: PageRequest, pk: int) -> HttpResponse:
    """Move to another stage. The board names the `column`, and in `before` the card that it was put above."""
    actor, found = _task(request, pk)
    below = request.POST.get("before", "")
    on_board = "column" in request.POST
    actions.move_task(
        actor=actor,
        task=found,
        stage=request.POST["column"] if on_board else request.POST.get("stage", ""),
        rank=_rank(actor, found, below) if below else None,
        expected_stage=request.POST.get("expected_stage") or None,
    )
    return HttpResponse(status=204) if on_board else redirect(found)


def _rank(actor: Actor, moving: Task, below_key: str) -> float | None:
    below = Task.objects.visible_to(actor).filter(pk=pk_of(below_key) or 0).first()
    return None if below is None else rank_above(below, moving=moving)


@require_POST
@login_required
def assign(request: PageRequest, pk: int) -> HttpResponse:
    """Give the task to somebody, to a team, or back."""
    actor, found = _task(request, pk)
    form = AssignForm(request.POST, task=found)
    _valid(form)
    chosen = form.chosen()
    if isinstance(chosen, Team):
        actions.hand_over_task(actor=actor, task=found, team=chosen)
    else:
        actions.assign_task(actor=actor, task=found, assignee=chosen)
    return redirect(found)


@require_POST
@login_required
def block(request: PageRequest, pk: int) -> HttpResponse:
    """Say what the task waits for."""
    actor, found = _task(request, pk)
    actions.block_task(actor=actor, task=found, reason=request.POST.get("reason", ""))
    return redirect(found)


@require_POST
@login_required
def unblock(request: PageRequest, pk: int) -> HttpResponse:
    """Say that the task can go on."""
    actor, found = _task(request, pk)
    actions.unblock_task(actor=actor, task=found)
    return redirect(found)


@require_POST
@login_required
def link_ticket(request: PageRequest, pk: int) -> HttpResponse:
    """Link a ticket by its key."""
    actor, found = _task(request, pk)
    values = _valid(LinkTicketForm(request.POST, actor=actor))
    actions.link_ticket(actor=actor, task=found, ticket=values["ticket"])
    messages.success(request, _("%(ticket)s is linked.") % {"ticket": values["ticket"].key})
    return redirect(found)


@require_POST
@login_required
def unlink_ticket(request: PageRequest, pk: int, ticket_pk: int) -> HttpResponse:
    """Take back that the task works on a ticket."""
    actor, found = _task(request, pk)
    ticket = Ticket.objects.visible_to(actor).filter(pk=ticket_pk).first()
    if ticket is not None:
        actions.unlink_ticket(actor=actor, task=found, ticket=ticket)
    return redirect(found)


@require_safe
@login_required
def commit_search(request: PageRequest, pk: int) -> HttpResponse:
    """Give the commits among which one is chosen to be linked (a fragment of the page)."""
    actor, found = _task(request, pk)
    actor.require("task.link", programme_id=found.programme_id)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    commits = queries.commits_to_link(found, text)
    return render(request, "engineering/_commit_choice.html", {"task": found, "commits": commits, "text": text})


@require_POST
@login_required
def link_pull_request(request: PageRequest, pk: int) -> HttpResponse:
    """Link a pull request by its number."""
    actor, found = _task(request, pk)
    actor.require("task.link", programme_id=found.programme_id)
    values = _valid(LinkPullRequestForm(request.POST, task=found))
    link_pull(actor=actor, task=found, **values)
    messages.success(request, _("The pull request #%(number)s is linked.") % {"number": values["number"]})
    return redirect(found)


def _commit_verb(act: Callable[[Actor, Task, Commit], object]) -> Callable[[PageRequest, int, int], HttpResponse]:
    @login_required
    @require_POST
    def view(request: PageRequest, pk: int, commit_pk: int) -> HttpResponse:
        actor, found = _task(request, pk)
        commit = Commit.objects.filter(pk=commit_pk, repository__component_id=found.component_id).first()
        if commit is None:
            raise Invalid(
                "task.commit_unknown",
                _("This commit is in no repository of %(component)s.") % {"component": found.component},
            )
        with transaction.atomic():
            act(actor, found, commit)
        return redirect(found)

    return view


link_commit = _commit_verb(lambda actor, task, commit: actions.link_commit(actor=actor, task=task, commit=commit))
confirm_commit = _commit_verb(lambda actor, task, commit: actions.confirm_commit(actor=actor, task=task, commit=commit))
unlink_commit = _commit_verb(lambda actor, task, commit: actions.unlink_commit(actor=actor, task=task, commit=commit))


def _valid(form: Form) -> dict[str, Any]:
    """Give the cleaned values; raises Invalid with the form's own first sentence."""
    if form.is_valid():
        return form.cleaned_data
    field, errors = next(iter(form.errors.items()))
    raise Invalid("input.invalid", str(errors[0]), field=field)
