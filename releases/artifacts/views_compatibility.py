"""The matrix of a release: which of its files runs on which hardware, and how that is known."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.kit.errors import NotFound
from releases.artifacts import queries
from releases.artifacts.actions.set_compatibility import set_compatibility
from releases.artifacts.forms import CompatibilityForm
from releases.queries import release_of
from releases.requests import actor_of_request, done


@login_required
@require_safe
def matrix(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Show the matrix."""
    actor = actor_of_request(request)
    release = release_of(actor, component, version)
    context = {
        "release": release,
        "matrix": queries.matrix_of(release),
        "may_set": actor.may("compatibility.set", programme_id=release.component.programme_id),
    }
    return render(request, "artifacts/matrix.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, component: str, version: str, pk: int, hardware: int) -> HttpResponse:
    """Show one pair with all that was ever said of it, and say something of it."""
    actor = actor_of_request(request)
    release = release_of(actor, component, version)
    found = next(
        (one for one in queries.pairs_of(release) if (one.artifact.pk, one.hardware.pk) == (pk, hardware)), None
    )
    if found is None:
        raise NotFound("artifact.not_found", _("There is no artifact %(pk)s that you may see.") % {"pk": pk})
    may_set = actor.may("compatibility.set", programme_id=release.component.programme_id)
    form = CompatibilityForm(request.POST or None, release=release)
    if request.method == "POST":
        actor.require("compatibility.set", programme_id=release.component.programme_id)
        if form.is_valid():
            values = {"artifact": found.artifact, "hardware": found.hardware, **form.cleaned_data}
            if done(form, lambda: set_compatibility(actor=actor, **values)) is not None:
                messages.success(
                    request,
                    _("Noted for %(name)s on %(hardware)s.")
                    % {"name": found.artifact.name, "hardware": found.hardware},
                )
                return redirect("artifacts:matrix", component=release.component.slug, version=release.version)
    context = {
        "release": release,
        "pair": found,
        "history": queries.statements_about(found),
        "form": form,
        "may_set": may_set,
    }
    return render(request, "artifacts/pair.html", context, status=422 if request.method == "POST" else 200)
