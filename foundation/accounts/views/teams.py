"""Administration of teams."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.accounts import queries
from foundation.accounts.actions.add_team import add_team
from foundation.accounts.actions.change_team import change_team
from foundation.accounts.forms import AddTeamForm, TeamForm
from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import TeamKind
from foundation.kit.paging import page_of


@require_safe
def teams(request: PageRequest) -> HttpResponse:
    """List the teams of one's programmes, and those that have none yet."""
    request.actor.require("team.see")
    page = page_of(queries.team_list(actor=request.actor), request)
    context = {"page": page, "own_programmes": request.actor.programmes()}
    return render(request, "accounts/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_team(request: PageRequest) -> HttpResponse:
    """Set up a team."""
    request.actor.require("team.add")
    form = AddTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "kind": TeamKind(form.cleaned_data["kind"])}
        team = form.attempt(add_team, actor=request.actor, **values)
        if team is not None:
            messages.success(request, _("The team is there. Let it join a programme in the catalogue."))
            return redirect("accounts:team", slug=team.slug)
    return render(request, "accounts/team_add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: PageRequest, slug: str) -> HttpResponse:
    """Show one team with its members, and rename it."""
    request.actor.require("team.see")
    found = queries.team_by_slug(actor=request.actor, slug=slug)
    form = TeamForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        renamed = form.attempt(change_team, actor=request.actor, team=found, name=form.cleaned_data["name"])
        if renamed is not None:
            messages.success(request, _("The team is renamed."))
            return redirect("accounts:team", slug=found.slug)
    context = {"team": found, "form": form, "own_programmes": request.actor.programmes()}
    return render(request, "accounts/team.html", context, status=422 if form.errors else 200)
