"""What takes back and what brings again: suggestions to confirm, and how a repository's messages are read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.kit.errors import NotFound
from foundation.kit.paging import page_of
from releases import queries
from releases.actions.decide_relation import decide_relation
from releases.actions.set_patterns import set_patterns
from releases.forms import PatternsForm
from releases.models import Relation
from releases.requests import actor_of_request, done


@login_required
@require_safe
def relation_list(request: HttpRequest) -> HttpResponse:
    """Show the relations of commits: those to confirm first; `?state=` and `?component=` narrow it."""
    actor = actor_of_request(request)
    actor.require("commit.see")
    found = Relation.objects.visible_to(actor).filter(other__isnull=False)
    state = request.GET.get("state", Relation.State.SUGGESTED)
    if state in Relation.State.values:
        found = found.filter(state=state)
    component = request.GET.get("component", "").replace("\x00", "")[:60]
    if component:
        found = found.filter(component__slug=component)
    page = page_of(found.select_related("commit", "other", "component", "decided_by").order_by("-pk"), request)
    context = {
        "page": page,
        "state": state,
        "states": Relation.State.choices,
        "component": component,
        "may_relate": actor.may("commit.relate"),
    }
    return render(request, "releases/relation_list.html", context)


@login_required
@require_POST
def relation_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm (`confirmed=1`) or refuse a relation."""
    actor = actor_of_request(request)
    found = Relation.objects.visible_to(actor).filter(pk=pk).select_related("component").first()
    if found is None:
        raise NotFound("relation.not_found", _("There is no such suggestion that you may see."))
    confirmed = request.POST.get("confirmed") == "1"
    decide_relation(actor=actor, relation=found, confirmed=confirmed)
    messages.success(request, _("Confirmed: the releases' contents are corrected.") if confirmed else _("Refused."))
    return redirect(f"{request.path.rsplit('/', 3)[0]}/?component={found.component.slug}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def patterns(request: HttpRequest, slug: str) -> HttpResponse:
    """Say how tags, pull requests and branch names of a repository are read."""
    actor = actor_of_request(request)
    repository = queries.repository_of(actor, slug)
    actor.require("repository.add", programme_id=repository.component.programme_id)
    initial = {name: getattr(repository, name) for name in PatternsForm.base_fields}
    form = PatternsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = done(form, lambda: set_patterns(actor=actor, repository=repository, **form.cleaned_data))
        if found is not None:
            messages.success(request, _("Tags are read that way in a moment, new commits from now on."))
            return redirect(found)
    return render(
        request,
        "releases/patterns.html",
        {"form": form, "repository": repository},
        status=422 if request.method == "POST" else 200,
    )
