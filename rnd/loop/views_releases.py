"""What the pages of releases show of tickets: parse, ask, render."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import NotFound
from frontline_feedback.keys import pk_of
from frontline_feedback.queries import ticket_by_pk
from releases.models import Release
from releases.queries import release_of
from rnd.loop.actions.state_fix import state_fix
from rnd.loop.comparison import compare as compare_releases
from rnd.loop.release_fixes import bringing

_CHOICES = 300


@require_safe
@login_required
def release_fixes(request: PageRequest, component: str, version: str) -> HttpResponse:
    """Show what a release means for tickets (a panel of the release's page)."""
    release = release_of(request.actor, component, version)
    context = {"release": release, "bringing": bringing(request.actor, release)}
    return render(request, "loop/_release_fixes.html", context)


@require_safe
@login_required
def compare(request: PageRequest, component: str, version: str) -> HttpResponse:
    """Compare a release with the one named in `?to=`."""
    actor = request.actor
    release = release_of(actor, component, version)
    others = Release.objects.visible_to(actor).filter(component=release.component_id).exclude(pk=release.pk)
    context: dict[str, object] = {"release": release, "others": others.order_by("-sequence")[:_CHOICES]}
    if to := request.GET.get("to", ""):
        found = compare_releases(actor, release, release_of(actor, component, to))
        context |= {"comparison": found, "sides": [found.one, found.other], "to": found.other.release.version}
    return render(request, "loop/compare.html", context)


@require_safe
@login_required
def is_fixed(request: PageRequest) -> HttpResponse:
    """Lead to the answer: `?ticket=FB-12&in=1.4.2`."""
    key = request.GET.get("ticket", "").replace("\x00", "").strip()
    if not key:
        return render(request, "loop/is_fixed.html", {"build": request.GET.get("in", "")[:200]})
    found = ticket_by_pk(request.actor, pk_of(key) or 0)
    return redirect(f"{found.get_absolute_url()}/in?{request.GET.urlencode()}")


@require_POST
@login_required
def say_fixed(request: PageRequest, pk: int) -> HttpResponse:
    """Say that a release holds the ticket's fix, where no commit can show it."""
    actor = request.actor
    ticket = ticket_by_pk(actor, pk)
    actor.require("fix.state", programme_id=ticket.programme_id)
    number = request.POST.get("release", "")
    known = Release.objects.visible_to(actor).select_related("component")
    release = known.filter(pk=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0).first()
    if release is None:
        raise NotFound("release.not_found", _("Choose a release of the list."))
    state_fix(actor=actor, ticket=ticket, release=release, note=request.POST.get("note", "").replace("\x00", ""))
    messages.success(
        request, _("Noted: %(release)s holds the fix for %(key)s.") % {"release": release, "key": ticket.key}
    )
    return redirect(ticket)
