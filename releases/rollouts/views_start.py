"""Starting a rollout: choose a release, look at the proposal, put teams into groups, go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import NotFound
from releases.models import Channel, Release
from releases.requests import done
from releases.rollouts import queries
from releases.rollouts.actions.start_rollout import start_rollout
from releases.rollouts.eligible import rollout_channels
from releases.rollouts.forms import MOST_GROUPS, StartForm
from releases.rollouts.models import Rollout
from releases.rollouts.starting import runs_now, startable


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: PageRequest) -> HttpResponse:
    """Start a rollout of `?release=<id>` on `?channel=` in `?groups=` groups; without a release, offer what may go."""
    actor = request.actor
    actor.require("rollout.start")
    asked = request.GET.get("release", "")
    if not asked:
        return render(request, "rollouts/choose.html", {"choices": startable(actor)})
    release = _release(request, asked)
    actor.require("rollout.start", programme_id=release.component.programme_id)
    channels = rollout_channels(release)
    channel = request.GET.get("channel", "")
    if channel not in channels:
        channel = channels[0].value if channels else ""
    live = release.rollouts.live().first()
    if not channel or live is not None:
        return render(request, "rollouts/start.html", {"release": release, "live": live, "channels": channels})
    teams = queries.teams_left(release, channel)
    groups = _groups(request.GET.get("groups", ""), len(teams))
    form = StartForm(
        request.POST or None, actor=actor, release=release, teams=teams, groups=groups, runs=runs_now(release, teams)
    )
    if request.method == "POST" and form.is_valid():
        found = done(form, lambda: _start(request, release, channel, form))
        if found is not None:
            messages.success(
                request, _("The rollout has begun: group 1 is offered %(release)s.") % {"release": release}
            )
            return redirect(found)
    context = {
        "release": release,
        "channel": Channel(channel),
        "channels": channels,
        "form": form,
        "groups": groups,
        "counts": range(1, min(MOST_GROUPS, len(teams)) + 1),
    }
    return render(request, "rollouts/start.html", context, status=422 if request.method == "POST" else 200)


def _start(request: PageRequest, release: Release, channel: str, form: StartForm) -> Rollout:
    values: dict[str, Any] = form.cleaned_data
    return start_rollout(
        actor=request.actor,
        release=release,
        channel=channel,
        groups=form.plans(),
        success_percent=values["success_percent"],
        error_percent=values["error_percent"],
        worse_limit=values["worse_limit"],
        tell=values["tell"],
    )


def _release(request: PageRequest, asked: str) -> Release:
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    found = Release.objects.visible_to(request.actor).select_related("component").filter(pk=number).first()
    if found is None:
        raise NotFound(
            "release.not_found", _("There is no release “%(asked)s” that you may see.") % {"asked": asked[:20]}
        )
    return found


def _groups(asked: str, teams: int) -> int:
    most = max(1, min(MOST_GROUPS, teams))
    return min(max(int(asked), 1), most) if asked.isascii() and asked.isdigit() and len(asked) < 3 else min(3, most)
