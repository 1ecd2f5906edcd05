"""The pages of repositories: which there are, how each does, and a form to add one."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.journal.queries import activity
from releases import queries, repository_queries
from releases.actions.add_repository import add_repository
from releases.actions.request_fetch import request_fetch
from releases.actions.upload_bundle import upload_bundle
from releases.forms import AddRepositoryForm, BundleForm
from releases.requests import actor_of_request, done, values_of


@login_required
@require_safe
def repository_list(request: HttpRequest) -> HttpResponse:
    """Show every repository with its state."""
    actor = actor_of_request(request)
    actor.require("repository.see")
    return render(
        request,
        "releases/repository_list.html",
        {"rows": repository_queries.rows(actor), "may_add": actor.may("repository.add")},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register a repository."""
    actor = actor_of_request(request)
    actor.require("repository.add")
    form = AddRepositoryForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        found = done(form, lambda: add_repository(actor=actor, **form.cleaned_data))
        if found is not None:
            request_fetch(actor=actor, repository=found)
            messages.success(request, _("%(name)s is registered; its history comes in now.") % {"name": found.name})
            return redirect(found)
    status = 422 if request.method == "POST" else 200
    return render(request, "releases/repository_add.html", {"form": form}, status=status)


@login_required
@require_safe
def repository(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one repository: its state, its last commits, what its branches and tags did."""
    actor = actor_of_request(request)
    found = queries.repository_of(actor, slug)
    return render(
        request,
        "releases/repository.html",
        {
            "repository": found,
            "story": repository_queries.story_of(found),
            "panels": [f"{found.get_absolute_url()}{panel}" for panel in settings.REPOSITORY_PANELS],
            "entries": activity(subjects=[("repository", found.pk)], limit=30),
            "may_change": actor.may("repository.add", programme_id=found.component.programme_id),
            "may_fetch": actor.may("repository.fetch", programme_id=found.component.programme_id),
            "underway": repository_queries.underway(found),
            "bundle_form": BundleForm()
            if actor.may("repository.bring_bundle", programme_id=found.component.programme_id)
            else None,
        },
    )


@login_required
@never_cache
@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """Give how far the fetch is, for the page to ask again; when it is over, the page loads anew."""
    found = queries.repository_of(actor_of_request(request), slug)
    underway = repository_queries.underway(found)
    if underway is None:
        response = HttpResponse(status=286)  # htmx: ask no more
        response["HX-Refresh"] = "true"
        return response
    return render(request, "releases/_repository_progress.html", {"repository": found, "underway": underway})


@login_required
@require_POST
def bundle(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a bundle from a person, for a worker to take in."""
    actor = actor_of_request(request)
    found = queries.repository_of(actor, slug)
    actor.require("repository.bring_bundle", programme_id=found.component.programme_id)
    file = values_of(BundleForm(request.POST, request.FILES))["file"]
    upload_bundle(actor=actor, repository=found, file=file, name=file.name)
    messages.success(request, _("The bundle is here and will be taken in within a moment."))
    return redirect(found)


@login_required
@require_POST
def fetch(request: HttpRequest, slug: str) -> HttpResponse:
    """Fetch as soon as a worker is free."""
    actor = actor_of_request(request)
    found = request_fetch(actor=actor, repository=queries.repository_of(actor, slug))
    messages.success(request, _("%(name)s will be fetched in a moment.") % {"name": found.name})
    return redirect(found)
