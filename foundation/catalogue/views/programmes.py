"""Programmes, and the teams that work in them."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts.actors import Actor
from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import Team
from foundation.accounts.queries import team_by_slug
from foundation.catalogue import queries
from foundation.catalogue.actions.add_programme import add_programme
from foundation.catalogue.actions.add_team_to_programme import add_team_to_programme
from foundation.catalogue.actions.change_programme import change_programme
from foundation.catalogue.actions.remove_team_from_programme import remove_team_from_programme
from foundation.catalogue.forms import AddProgrammeForm, ProgrammeForm, TeamChoiceForm
from foundation.catalogue.models import Programme


@require_http_methods(["GET", "HEAD", "POST"])
def programme_add(request: PageRequest) -> HttpResponse:
    """Set up a programme."""
    request.actor.require("programme.add")
    form = AddProgrammeForm(request.POST or None, initial={"time_zone": "Europe/Kyiv"})
    if request.method == "POST" and form.is_valid():
        programme = form.attempt(add_programme, actor=request.actor, **form.cleaned_data)
        if programme is not None:
            messages.success(request, _("The programme is there. Let teams join it."))
            return redirect("catalogue:programme", slug=programme.slug)
    context = {"form": form, "title": _("Add a programme")}
    return render(request, "catalogue/thing.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: PageRequest, slug: str) -> HttpResponse:
    """Change a programme's name or time zone, and see its teams."""
    request.actor.require("programme.change")
    found = queries.programme_by_slug(actor=request.actor, slug=slug)
    form = ProgrammeForm(request.POST or None, initial={"name": found.name, "time_zone": found.time_zone})
    if request.method == "POST" and form.is_valid():
        changed = form.attempt(change_programme, actor=request.actor, programme=found, **form.cleaned_data)
        if changed is not None:
            messages.success(request, _("Saved."))
            return redirect("catalogue:programme", slug=found.slug)
    team_form = TeamChoiceForm(teams=_others(request.actor, found))
    context = {"programme": found, "form": form, "team_form": team_form}
    return render(request, "catalogue/programme.html", context, status=422 if form.errors else 200)


@require_POST
def team_join(request: PageRequest, slug: str) -> HttpResponse:
    """Let a team work in the programme."""
    request.actor.require("programme.change")
    found = queries.programme_by_slug(actor=request.actor, slug=slug)
    form = TeamChoiceForm(request.POST, teams=Team.objects.visible_to(request.actor))
    if form.is_valid():
        add_team_to_programme(actor=request.actor, team=form.cleaned_data["team"], programme=found)
        return redirect("catalogue:programme", slug=found.slug)
    unchanged = ProgrammeForm(initial={"name": found.name, "time_zone": found.time_zone})
    context = {"programme": found, "form": unchanged, "team_form": form}
    return render(request, "catalogue/programme.html", context, status=422)


@require_POST
def team_leave(request: PageRequest, slug: str, team_slug: str) -> HttpResponse:
    """Let a team no longer work in the programme."""
    request.actor.require("programme.change")
    found = queries.programme_by_slug(actor=request.actor, slug=slug)
    team = team_by_slug(actor=request.actor, slug=team_slug)
    remove_team_from_programme(actor=request.actor, team=team, programme=found)
    messages.success(request, _("“%(team)s” no longer sees the programme.") % {"team": team.name})
    return redirect("catalogue:programme", slug=found.slug)


def _others(actor: Actor, programme: Programme) -> QuerySet[Team]:
    return Team.objects.visible_to(actor).exclude(programmes=programme)
