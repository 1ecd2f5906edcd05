"""The verdict board: as a page of its own, and as a panel of a release's page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from foundation.catalogue.models import Component
from foundation.kit import vocabulary
from foundation.kit.tables import csv_response
from releases.queries import release_of
from rnd.loop.board import OUTCOMES, UNANSWERED, board


@require_safe
@login_required
def verdicts(request: PageRequest) -> HttpResponseBase:
    """Show what teams say of each release on each hardware revision; `?component=`, and `?format=csv`."""
    actor = request.actor
    actor.require("ticket.see")
    component = request.GET.get("component", "").replace("\x00", "")[:60]
    rows = board(actor, component=component)
    if request.GET.get("format") == "csv":
        head = [_("Component"), _("Version"), _("Hardware"), *_words(), _("Of those judged, fixed (%)")]
        lines = (
            [row.release.component.name, row.release.version, str(row.hardware or ""), *row.counts.values(),
             "" if row.fixed_share is None else row.fixed_share]
            for row in rows
        )  # fmt: skip
        return csv_response("verdicts", head, lines)
    context = {
        "rows": rows,
        "words": _words(),
        "component": component,
        "components": Component.objects.visible_to(actor).order_by("name"),
    }
    return render(request, "loop/verdicts.html", context)


@require_safe
@login_required
def release_verdicts(request: PageRequest, component: str, version: str) -> HttpResponse:
    """Show what teams say of one release (a panel of its page)."""
    release = release_of(request.actor, component, version)
    context = {"release": release, "rows": board(request.actor, release=release), "words": _words()}
    return render(request, "loop/_release_verdicts.html", context)


def _words() -> list[str]:
    return [
        _("No answer yet") if outcome == UNANSWERED else str(vocabulary.word("verdict", outcome).label)
        for outcome in OUTCOMES
    ]
