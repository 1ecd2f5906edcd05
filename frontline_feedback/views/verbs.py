"""`/FB-12/accept` and the other verbs: each parses, calls one action, and goes back to the page it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.accounts.middleware import PageRequest
from frontline_feedback import actions, forms, queries
from frontline_feedback.models import Ticket
from frontline_feedback.standing import offers_now
from frontline_feedback.views.going_back import back, refused

View = Callable[[PageRequest, int], HttpResponse]
Do = Callable[[PageRequest, Ticket, Any], str]


def _verb(right: str, form_class: Callable[[PageRequest, Ticket], Form]) -> Callable[[Do], View]:
    """Make a view of what a verb does with a valid form; it gives the word to say when it is done."""

    def make(do: Do) -> View:
        def view(request: PageRequest, pk: int) -> HttpResponse:
            ticket = queries.ticket_by_pk(request.actor, pk)
            request.actor.require(f"ticket.{right}", programme_id=ticket.programme_id, team_id=ticket.team_id)
            form = form_class(request, ticket)
            if not form.is_valid():
                return refused(request, ticket, form)
            return back(request, ticket, said=do(request, ticket, form))

        view.__name__, view.__doc__ = do.__name__, do.__doc__
        return require_POST(login_required(view))

    return make


def _reason(request: PageRequest, ticket: Ticket) -> Form:
    return forms.ReasonForm(request.POST)


@_verb("accept", lambda request, ticket: forms.AcceptForm(request.POST, ticket=ticket))
def accept(request: PageRequest, ticket: Ticket, form: forms.AcceptForm) -> str:
    """Take the ticket on, with what triage corrected in the same form."""
    actions.accept_ticket(actor=request.actor, ticket=ticket, change=form.change())
    return _("%(key)s is accepted.") % {"key": ticket.key}


@_verb("reclassify", lambda request, ticket: forms.ClassifyForm(request.POST, ticket=ticket))
def reclassify(request: PageRequest, ticket: Ticket, form: forms.ClassifyForm) -> str:
    """Correct what the ticket is about."""
    actions.reclassify_ticket(actor=request.actor, ticket=ticket, change=form.change())
    return _("%(key)s is corrected.") % {"key": ticket.key}


@_verb("reject", _reason)
def reject(request: PageRequest, ticket: Ticket, form: Form) -> str:
    """Turn the ticket down."""
    actions.reject_ticket(actor=request.actor, ticket=ticket, reason=form.cleaned_data["reason"])
    return _("%(key)s is rejected. The team reads your reason.") % {"key": ticket.key}


@_verb("merge", lambda request, ticket: forms.MergeForm(request.POST))
def merge(request: PageRequest, ticket: Ticket, form: forms.MergeForm) -> str:
    """Say that the ticket tells of the same fault as another."""
    canonical = form.canonical(request.actor)
    actions.merge_ticket(actor=request.actor, ticket=ticket, canonical=canonical)
    return _("%(key)s is merged into %(into)s.") % {"key": ticket.key, "into": canonical.key}


@_verb("close", lambda request, ticket: forms.CloseForm(request.POST))
def close(request: PageRequest, ticket: Ticket, form: Form) -> str:
    """End the ticket without a fix."""
    actions.close_ticket(actor=request.actor, ticket=ticket, **form.cleaned_data)
    return _("%(key)s is closed. The team reads your reason.") % {"key": ticket.key}


@_verb("reopen", _reason)
def reopen(request: PageRequest, ticket: Ticket, form: Form) -> str:
    """Undo the ticket's end."""
    actions.reopen_ticket(actor=request.actor, ticket=ticket, reason=form.cleaned_data["reason"])
    return _("%(key)s is back in triage.") % {"key": ticket.key}


@_verb("give_verdict", lambda request, ticket: forms.VerdictForm(request.POST, offers=offers_now(ticket)))
def verdict(request: PageRequest, ticket: Ticket, form: Form) -> str:
    """Say whether the fix works."""
    values = form.cleaned_data
    release = next(offer.release for offer in offers_now(ticket) if offer.release_id == values["release"])
    actions.give_verdict(
        actor=request.actor,
        ticket=ticket,
        release=release,
        outcome=values["outcome"],
        note=values["note"],
        client_uuid=values["client_uuid"],
    )
    return _("Thank you. Your verdict on %(key)s is with the engineers.") % {"key": ticket.key}


@_verb("comment", lambda request, ticket: forms.CommentForm(request.POST))
def comment(request: PageRequest, ticket: Ticket, form: Form) -> str:
    """Add a comment."""
    actions.comment_ticket(actor=request.actor, ticket=ticket, **form.cleaned_data)
    return ""


@_verb("attach", lambda request, ticket: forms.AttachForm(request.POST, request.FILES))
def attach(request: PageRequest, ticket: Ticket, form: Form) -> str:
    """Add a photo or a log file."""
    upload = form.cleaned_data["file"]
    attachment = actions.attach_file(actor=request.actor, ticket=ticket, upload=upload, name=upload.name)
    return _("“%(name)s” is attached.") % {"name": attachment.name}
