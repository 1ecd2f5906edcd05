"""What a release is built from beside its own repository, as its page says and changes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.accounts.actors import Actor
from releases import queries
from releases.actions.remove_companion import remove_companion
from releases.actions.set_companion import set_companion
from releases.companions import OPEN
from releases.forms_companions import CompanionForm
from releases.models import Companion, Release
from releases.requests import actor_of_request, values_of


def parts_shown(actor: Actor, release: Release, companions: list[Companion]) -> dict[str, Any]:
    """Give what the release page shows of its repositories: nothing where there is only one."""
    settles = release.state in OPEN and actor.may("release.set_companion", programme_id=release.component.programme_id)
    form = CompanionForm(release=release) if settles else None
    return {
        "parts": [release, *companions] if companions or (form and form.repositories) else [],
        "settles": settles and bool(companions),
        "companion_form": form if form and form.repositories else None,
    }


@login_required
@require_POST
def companion(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Add a tag of another repository, or put another in its place."""
    actor = actor_of_request(request)
    found = queries.release_of(actor, component, version)
    actor.require("release.set_companion", programme_id=found.component.programme_id)
    values = values_of(CompanionForm(request.POST, release=found))
    made = set_companion(actor=actor, release=found, **values)
    messages.success(
        request,
        _("%(release)s is built from %(tag)s of %(repository)s too.")
        % {"release": found, "tag": made.tag, "repository": values["repository"].name},
    )
    return redirect(found)


@login_required
@require_POST
def companion_remove(request: HttpRequest, component: str, version: str, repository: str) -> HttpResponse:
    """Take a repository out of the release."""
    actor = actor_of_request(request)
    found = queries.release_of(actor, component, version)
    actor.require("release.set_companion", programme_id=found.component.programme_id)
    other = queries.repository_of(actor, repository)
    remove_companion(actor=actor, release=found, repository=other)
    messages.success(
        request, _("%(release)s holds nothing of %(repository)s any more.") % {"release": found, "repository": other}
    )
    return redirect(found)
