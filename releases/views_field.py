"""Channels and installations: who receives what, and what runs where."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.kit.paging import page_of
from releases import queries
from releases.actions.report_installation import report_installation
from releases.actions.subscribe_team import subscribe_team
from releases.forms import InstallationForm, SubscribeForm
from releases.models import Channel, Release
from releases.requests import actor_of_request, done, values_of


@login_required
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """Show which team receives which channel of which component."""
    actor = actor_of_request(request)
    actor.require("subscription.set")
    components, rows = queries.channel_table(actor)
    context = {"components": components, "rows": rows, "choices": Channel.choices}
    return render(request, "releases/channels.html", context)


@login_required
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Set one team's channel of one component."""
    actor = actor_of_request(request)
    actor.require("subscription.set")
    values = values_of(SubscribeForm(request.POST, actor=actor))
    channel = values["channel"] or None
    subscribe_team(actor=actor, team=values["team"], component=values["component"], channel=channel)
    messages.success(
        request,
        _("%(team)s receives “%(channel)s” of %(component)s.")
        % {
            "team": values["team"],
            "component": values["component"],
            "channel": Channel(channel).label if channel else _("nothing"),
        },
    )
    return redirect("releases:channels")


@login_required
@require_safe
def installation_list(request: HttpRequest) -> HttpResponse:
    """Show what was installed, newest first: of the own team, or of all teams for staff."""
    actor = actor_of_request(request)
    actor.require("installation.see")
    page = page_of(queries.installed_by(actor), request)
    may = actor.may("installation.report")
    return render(request, "releases/installation_list.html", {"page": page, "may_report": may})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Say that a version is installed. `?release=<id>` chooses it beforehand."""
    actor = actor_of_request(request)
    actor.require("installation.report")
    asked = request.GET.get("release", "")
    initial = {"release": int(asked)} if asked.isascii() and asked.isdigit() and len(asked) < 18 else {}
    form = InstallationForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = done(form, lambda: report_installation(actor=actor, **form.cleaned_data))
        if found is not None:
            messages.success(
                request,
                _("Noted: %(team)s runs %(release)s on %(hardware)s.")
                % {"team": found.team, "release": found.release, "hardware": found.hardware},
            )
            if found.of_withdrawn:
                text = _("%(release)s was withdrawn since. Look what to install instead.")
                messages.warning(request, text % {"release": found.release})
            return redirect(_back(request) or "releases:installation_list")
    withdrawn = Release.objects.visible_to(actor).filter(state=Release.State.WITHDRAWN).select_related("component")
    context = {"form": form, "next": _back(request), "withdrawn": withdrawn.order_by("-withdrawn_at")[:3]}
    return render(request, "releases/report.html", context, status=422 if request.method == "POST" else 200)


def _back(request: HttpRequest) -> str:
    """Give where the team came from, an address of this house only; empty where it is not told."""
    where = request.POST.get("next", "") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(where, allowed_hosts=None, require_https=request.is_secure())
    return where if safe and where.startswith("/") else ""
