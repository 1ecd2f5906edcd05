"""The door for git hosts, and the page on which a person sets their hook up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.middleware import PageRequest
from releases.hooks import queries
from releases.hooks.actions.make_secret import make_secret
from releases.hooks.actions.receive_hook import receive_hook
from releases.hooks.actions.revoke_secrets import revoke_secrets
from releases.models import Repository
from releases.queries import repository_of

PIECE: Final = 64 * 1024


@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a git host's call: 202 when it is fetched for it, 200 when nothing is to be done."""
    delivery = receive_hook(slug=slug, headers=request.headers, body=_pieces(request))
    status = 202 if delivery.result == delivery.Result.FETCH else 200
    return JsonResponse({"result": delivery.result, "event": delivery.event}, status=status)


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(PIECE):
        yield piece


@never_cache
@require_safe
def hook(request: PageRequest, slug: str) -> HttpResponse:
    """Show what to enter at the host, and what came from there."""
    return _page(request, repository_of(request.actor, slug))


@require_safe
def panel(request: PageRequest, slug: str) -> HttpResponse:
    """Give the few lines for the repository's own page."""
    found = repository_of(request.actor, slug)
    return render(request, "hooks/_panel.html", {"repository": found, "state": queries.state_of(found)})


@never_cache
@require_POST
def secret(request: PageRequest, slug: str) -> HttpResponse:
    """Make a new secret, which is in this one answer and nowhere else."""
    found = repository_of(request.actor, slug)
    return _page(request, found, made=make_secret(actor=request.actor, repository=found))


@require_POST
def revoke(request: PageRequest, slug: str) -> HttpResponse:
    """Turn the hook off."""
    found = repository_of(request.actor, slug)
    revoke_secrets(actor=request.actor, repository=found)
    messages.success(request, _("No secret counts any more; hooks are refused until you make a new one."))
    return redirect("hooks:hook", slug=found.slug)


def _page(request: PageRequest, found: Repository, *, made: str = "") -> HttpResponse:
    path = reverse("hooks:receive", kwargs={"slug": found.slug})
    address = f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    context = {
        "repository": found,
        "state": queries.state_of(found),
        "secret": made,
        "address": address,
        "may_manage": request.actor.may("hook.manage", programme_id=found.component.programme_id),
    }
    return render(request, "hooks/hook.html", context)
