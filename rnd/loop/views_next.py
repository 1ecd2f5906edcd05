"""The page of a component's next release, and cutting it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import Conflict, NotFound
from releases.actions.cut_release import check_tag, commands_for, cut_release
from releases.views_pictures import component_of
from rnd.loop.next_release import Next, next_releases


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def next_release(request: PageRequest, component: str) -> HttpResponse:
    """Show what the next release would hold. POST cuts it, or shows the commands where the house may not push."""
    actor = request.actor
    found = component_of(actor, component)
    actor.require("commit.see", programme_id=found.programme_id)
    coming = next_releases(actor, found)
    commands: list[str] = []
    if request.method == "POST":
        actor.require("release.cut", programme_id=found.programme_id)
        one = _asked(coming, request.POST.get("repository", ""))
        tag = request.POST.get("tag", "").replace("\x00", "").strip()
        if request.POST.get("sha") != one.found.tip.sha:
            raise Conflict(
                "release.branch_moved",
                _("The branch has moved since you looked. Look again at what the release would hold."),
            )
        if one.may_push and "push" in request.POST:
            cut_release(actor=actor, repository=one.found.repository, commit=one.found.tip, tag=tag)
            messages.success(request, _("%(tag)s is pushed; the draft appears with the next fetch.") % {"tag": tag})
            return redirect("loop:next_release", component=found.slug)
        check_tag(one.found.repository, tag)
        commands = commands_for(one.found.repository, tag=tag, sha=one.found.tip.sha)
    context = {
        "component": found,
        "coming": coming,
        "commands": commands,
        "command_text": "\n".join(commands),
        "asked": request.POST.get("repository", ""),
        "tag": request.POST.get("tag", ""),
        "may_cut": actor.may("release.cut", programme_id=found.programme_id),
    }
    return render(request, "loop/next_release.html", context)


def _asked(coming: list[Next], slug: str) -> Next:
    for one in coming:
        if one.found.repository.slug == slug:
            return one
    raise NotFound("repository.not_found", _("Choose a repository of this component."))
