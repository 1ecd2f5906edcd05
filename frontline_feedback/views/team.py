"""`/my/`: what a field team has reported, where it stands, and what is asked of the team."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import Role
from frontline_feedback.standing import team_tickets
from releases.rollouts.affected import dangers_of
from releases.rollouts.queries import asks_of


@require_safe
@login_required
def my_tickets(request: PageRequest) -> HttpResponse:
    """Show the tickets of the own teams: what is asked first, then what goes on, then what is over."""
    request.actor.require("ticket.give_verdict")
    teams = request.actor.teams(Role.REPORTER)
    context = {"tickets": team_tickets(request.actor), "asks": asks_of(teams), "dangers": dangers_of(teams)}
    return render(request, "frontline_feedback/my.html", context)
