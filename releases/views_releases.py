"""The pages of releases, and their verbs: each parses, calls one action and goes back to the page."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.journal.queries import activity
from foundation.kit import markdown
from releases import queries
from releases.actions.approve_release import approve_release, own_part
from releases.actions.edit_notes import edit_notes
from releases.actions.generate_notes import generate_notes
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.withdraw_release import withdraw_release
from releases.forms import NotesForm, WithdrawForm
from releases.gates import refused_channels
from releases.languages import SOURCE, notes_in
from releases.models import Channel, Release
from releases.requests import actor_of_request, values_of
from releases.stories import story_of
from releases.views_companions import parts_shown

VERBS = ("propose", "approve", "publish", "withdraw", "edit_notes")


@login_required
@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    """Show what is out on which channel, component by component."""
    actor = actor_of_request(request)
    actor.require("release.see")
    component = request.GET.get("component", "").replace("\x00", "")[:60]
    candidates = request.GET.get("all") == "1"
    return render(
        request,
        "releases/release_list.html",
        {
            "lines": queries.lines(actor, component=component, candidates=candidates, each=200 if component else 6),
            "component": component,
            "all": candidates,
            "channels": Channel.choices,
            "sees_commits": actor.may("commit.see"),
        },
    )


@login_required
@require_safe
def latest(request: HttpRequest, component: str) -> HttpResponse:
    """Lead to the newest release that is out on `?channel=` (the fleet's, if none is named)."""
    channel = request.GET.get("channel", Channel.FLEET.value).replace("\x00", "")
    return redirect(queries.latest_release(actor_of_request(request), component, channel=channel))


@login_required
@require_safe
def release(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Show one release: its state, what is new in it, where it runs, what happened to it."""
    actor = actor_of_request(request)
    found = queries.release_of(actor, component, version)
    if (component, version) != (found.component.slug, found.version):
        return redirect(found)
    programme = found.component.programme_id
    story = story_of(actor, found)
    notes = notes_in(found, get_language() or SOURCE)
    may = {verb: actor.may(f"release.{verb}", programme_id=programme) for verb in VERBS}
    ready = found.state in (Release.State.APPROVED, Release.State.PUBLISHED)
    channels = story.next_channels if ready and may["publish"] else []
    against = refused_channels(found, channels)
    sees_commits = actor.may("commit.see", programme_id=programme)
    return render(
        request,
        "releases/release.html",
        {
            "release": found,
            "story": story,
            "notes": notes,
            "notes_html": markdown.render(notes.text),
            "entries": activity(subjects=[("release", found.pk)], limit=50),
            "may": may,
            "channels": channels,
            "against": against,
            "refused": {channel for refused in against.values() for channel in refused},
            "own_part": own_part(actor.user_id, found) if may["approve"] else "",
            "may_report": actor.may("installation.report", programme_id=programme),
            "sees_commits": sees_commits,
            "withdraw_form": WithdrawForm(release=found) if may["withdraw"] else None,
            **(parts_shown(actor, found, story.companions) if sees_commits else {}),
            # Panels of the floors above: addresses below the release's own.
            "panels": [f"{found.get_absolute_url()}{panel}" for panel in settings.RELEASE_PANELS],
        },
    )


def _found(request: HttpRequest, component: str, version: str) -> Release:
    return queries.release_of(actor_of_request(request), component, version)


@login_required
@require_POST
def propose(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Propose a draft."""
    found = propose_release(actor=actor_of_request(request), release=_found(request, component, version))
    messages.success(request, _("%(release)s waits for somebody else's approval.") % {"release": found})
    return redirect(found)


@login_required
@require_POST
def approve(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Approve a candidate."""
    found = approve_release(actor=actor_of_request(request), release=_found(request, component, version))
    messages.success(request, _("%(release)s is approved and can be published.") % {"release": found})
    return redirect(found)


@login_required
@require_POST
def publish(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Publish on the channel named in the body."""
    channel = request.POST.get("channel", "")
    found = publish_release(
        actor=actor_of_request(request), release=_found(request, component, version), channel=channel
    )
    messages.success(
        request, _("%(release)s is out on “%(channel)s”.") % {"release": found, "channel": Channel(channel).label}
    )
    return redirect(found)


@login_required
@require_POST
def withdraw(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Withdraw, with a reason."""
    actor, found = actor_of_request(request), _found(request, component, version)
    actor.require("release.withdraw", programme_id=found.component.programme_id)
    found = withdraw_release(actor=actor, release=found, **values_of(WithdrawForm(request.POST, release=found)))
    messages.success(request, _("%(release)s is withdrawn.") % {"release": found})
    return redirect(found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Edit the notes."""
    actor, found = actor_of_request(request), _found(request, component, version)
    actor.require("release.edit_notes", programme_id=found.component.programme_id)
    form = NotesForm(request.POST or None, initial={"notes": found.notes})
    if request.method == "POST" and form.is_valid():
        edit_notes(actor=actor, release=found, notes=form.cleaned_data["notes"])
        return redirect(found)
    status = 422 if request.method == "POST" else 200
    return render(request, "releases/notes.html", {"form": form, "release": found}, status=status)


@login_required
@require_POST
def generate(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Write the notes anew from the commits."""
    found = generate_notes(actor=actor_of_request(request), release=_found(request, component, version))
    messages.success(request, _("The notes of %(release)s were written anew.") % {"release": found})
    return redirect(found)
