"""The operations page: how the consumers are doing, what is parked, what is sealed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.journal import actions, queries
from foundation.journal.people import PageRequest


@never_cache
@require_safe
def operations(request: PageRequest) -> HttpResponse:
    """Show the state of every consumer and of the seals, and what waits for a decision."""
    request.actor.require("journal.see")
    consumers = queries.consumers()
    return render(
        request,
        "journal/operations.html",
        {
            "consumers": consumers,
            "halted": [state for state in consumers if state.error],
            "waiting": sum(state.lag for state in consumers),
            "parked": queries.parked_heads(),
            "parked_total": sum(state.parked for state in consumers),
            "seals": queries.seal_state(),
            "may_unpark": request.actor.may("journal.unpark"),
        },
    )


@require_POST
def retry_parked(request: PageRequest, parked_id: int) -> HttpResponse:
    """Have a parked entry tried again."""
    parked = actions.retry_parked(actor=request.actor, parked_id=parked_id)
    messages.success(request, _("Entry %(entry)d is tried again now.") % {"entry": parked.entry_id})
    return redirect("journal:operations")


@require_POST
def dismiss_parked(request: PageRequest, parked_id: int) -> HttpResponse:
    """Leave a parked entry out for good."""
    parked = actions.dismiss_parked(
        actor=request.actor, parked_id=parked_id, reason=request.POST.get("reason", "").replace("\x00", "")[:500]
    )
    messages.success(request, _("Entry %(entry)d is dismissed.") % {"entry": parked.entry_id})
    return redirect("journal:operations")


@require_POST
def retry_halted(request: PageRequest, consumer: str) -> HttpResponse:
    """Let a consumer go on that stopped at a failure."""
    cursor = actions.retry_halted(actor=request.actor, consumer=consumer)
    messages.success(request, _("%(consumer)s goes on now.") % {"consumer": cursor.consumer})
    return redirect("journal:operations")
