"""The catalogue at a glance, and its platforms, components and hardware revisions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts.forms import ActionForm
from foundation.accounts.middleware import PageRequest
from foundation.catalogue import queries
from foundation.catalogue.actions.add_component import add_component
from foundation.catalogue.actions.add_hardware_revision import add_hardware_revision
from foundation.catalogue.actions.add_platform import add_platform
from foundation.catalogue.actions.change_component import change_component
from foundation.catalogue.actions.change_hardware_revision import change_hardware_revision
from foundation.catalogue.actions.change_platform import change_platform
from foundation.catalogue.forms import AddThingForm, NameForm, RevisionForm

ANSWERS = ["GET", "HEAD", "POST"]


@require_safe
def catalogue(request: PageRequest) -> HttpResponse:
    """Show programmes with their teams, components, platforms and hardware."""
    request.actor.require("catalogue.see")
    shelves = queries.shelves(actor=request.actor)
    context = {"shelves": shelves, "may_change": request.actor.may("programme.add")}
    return render(request, "catalogue/catalogue.html", context)


@require_http_methods(ANSWERS)
def component_add(request: PageRequest) -> HttpResponse:
    """Add a component to a programme."""
    return _add(request, "component.add", _("Add a component"), add_component)


@require_http_methods(ANSWERS)
def platform_add(request: PageRequest) -> HttpResponse:
    """Add a platform to a programme."""
    return _add(request, "platform.add", _("Add a platform"), add_platform)


@require_http_methods(ANSWERS)
def component(request: PageRequest, slug: str) -> HttpResponse:
    """Rename a component."""
    request.actor.require("component.change")
    found = queries.component_by_slug(actor=request.actor, slug=slug)
    form = NameForm(request.POST or None, initial={"name": found.name})
    return _change(request, form, found.name, change_component, {"component": found})


@require_http_methods(ANSWERS)
def revision(request: PageRequest, pk: int) -> HttpResponse:
    """Rename a hardware revision."""
    request.actor.require("hardware.change")
    found = queries.revision_by_pk(actor=request.actor, pk=pk)
    form = RevisionForm(request.POST or None, initial={"name": found.name})
    return _change(request, form, str(found), change_hardware_revision, {"revision": found})


@require_http_methods(ANSWERS)
def platform(request: PageRequest, slug: str) -> HttpResponse:
    """Rename a platform, and see its hardware revisions."""
    request.actor.require("platform.change")
    found = queries.platform_by_slug(actor=request.actor, slug=slug)
    form = NameForm(request.POST or None, initial={"name": found.name})
    more = {"platform": found, "revision_form": RevisionForm(auto_id="revision_%s")}
    return _change(request, form, found.name, change_platform, {"platform": found}, **more)


@require_POST
def revision_add(request: PageRequest, slug: str) -> HttpResponse:
    """Add a hardware revision to a platform."""
    request.actor.require("hardware.add")
    found = queries.platform_by_slug(actor=request.actor, slug=slug)
    form = RevisionForm(request.POST, auto_id="revision_%s")
    if form.is_valid():
        added = form.attempt(add_hardware_revision, actor=request.actor, platform=found, name=form.cleaned_data["name"])
        if added is not None:
            return redirect("catalogue:platform", slug=found.slug)
    more = {"platform": found, "revision_form": form, "title": found.name}
    more["form"] = NameForm(initial={"name": found.name})
    return render(request, "catalogue/thing.html", more, status=422)


def _add(request: PageRequest, verb: str, title: str, action: Callable[..., object]) -> HttpResponse:
    request.actor.require(verb)
    programmes = queries.programmes(actor=request.actor)
    form = AddThingForm(request.POST or None, programmes=programmes)
    if request.method == "POST" and form.is_valid():
        added = form.attempt(action, actor=request.actor, **form.cleaned_data)
        if added is not None:
            messages.success(request, _("“%(name)s” is in the catalogue.") % {"name": form.cleaned_data["name"]})
            return redirect("catalogue:catalogue")
    context = {"form": form, "title": title}
    return render(request, "catalogue/thing.html", context, status=422 if form.errors else 200)


def _change(
    request: PageRequest,
    form: ActionForm,
    title: str,
    action: Callable[..., object],
    thing: dict[str, Any],
    **more: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        changed = form.attempt(action, actor=request.actor, **thing, **form.cleaned_data)
        if changed is not None:
            messages.success(request, _("Saved."))
            return redirect("catalogue:catalogue")
    context = {"form": form, "title": title, **more}
    return render(request, "catalogue/thing.html", context, status=422 if form.errors else 200)
