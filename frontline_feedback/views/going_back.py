"""Where a verb leads: back to the page it was pressed on, or to the ticket."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from frontline_feedback.models import Ticket


def back(request: HttpRequest, ticket: Ticket, *, said: str = "") -> HttpResponseRedirect:
    """Redirect to `next` where it is an address of this house, else to the ticket, with a word of what was done."""
    if said:
        messages.success(request, said)
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return redirect(asked if ours else ticket.get_absolute_url())


def refused(request: HttpRequest, ticket: Ticket, form: Form) -> HttpResponseRedirect:
    """Redirect back and say what was wrong with the form."""
    for name, errors in form.errors.items():
        label = form[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {errors[0]}" if label else str(errors[0]))
    return back(request, ticket)
