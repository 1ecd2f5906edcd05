"""The graph of a component's tags and branches."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from foundation.kit.errors import NotFound
from releases import pictures
from releases.requests import actor_of_request


def component_of(actor: Actor, slug: str) -> Component:
    """Give the visible component; raises NotFound."""
    found = Component.objects.visible_to(actor).filter(slug=slug.lower()).first()
    if found is None:
        raise NotFound(
            "component.not_found", _("There is no component “%(slug)s” that you may see.") % {"slug": slug[:60]}
        )
    return found


@login_required
@require_safe
def graph(request: HttpRequest, component: str) -> HttpResponse:
    """Draw tags and branches; `?branches=all` draws every branch."""
    actor = actor_of_request(request)
    found = component_of(actor, component)
    actor.require("commit.see", programme_id=found.programme_id)
    everything = request.GET.get("branches") == "all"
    context = {
        "component": found,
        "graphs": pictures.graphs(actor, found, all_branches=everything),
        "all_branches": everything,
    }
    return render(request, "releases/graph.html", context)
