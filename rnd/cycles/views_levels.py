"""`/reports/levels/`: what a programme promises and compares itself with, set by a manager, with its history."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.middleware import PageRequest
from foundation.catalogue.models import Programme
from foundation.kit.errors import Invalid, NotFound
from rnd.cycles import levels
from rnd.cycles.actions import name_watchers, set_baseline, set_service_level
from rnd.cycles.actions.name_watchers import candidates
from rnd.cycles.analysis.chances import kept
from rnd.cycles.filters import Filters
from rnd.cycles.forms_levels import BaselineForm, ServiceLevelForm, WatchersForm
from rnd.cycles.models import Baseline, ImportedCase, LevelWatcher, ServiceLevel

_SHOWN: Final = 50  # of each kind


@require_safe
@login_required
def programmes(request: PageRequest) -> HttpResponse:
    """List the programmes, or open the only one."""
    request.actor.require("report.see")
    found = list(Programme.objects.visible_to(request.actor).order_by("name"))
    if len(found) == 1:
        return redirect("cycles:levels", programme=found[0].slug)
    rows = [(one, levels.service_levels(one.pk), levels.baseline(one.pk)) for one in found]
    return render(request, "cycles/level_programmes.html", {"rows": rows})


@require_safe
@login_required
def promises(request: PageRequest, programme: str) -> HttpResponse:
    """Show what is promised and compared with, how it was kept, and what it was before."""
    request.actor.require("report.see")
    return _page(request, _programme(request, programme))


@require_POST
@login_required
def promise(request: PageRequest, programme: str) -> HttpResponse:
    """Set or take back the service level of a severity."""
    request.actor.require("service_level.set")
    found = _programme(request, programme)
    request.actor.require("service_level.set", programme_id=found.pk)
    form = ServiceLevelForm(request.POST)
    if form.is_valid():
        try:
            set_service_level(actor=request.actor, programme=found, **form.cleaned_data)
        except Invalid as wrong:
            form.add_error(wrong.field or None, wrong.message)
        else:
            messages.success(request, _("The service level holds from now on."))
            return redirect("cycles:levels", programme=found.slug)
    return _page(request, found, promise_form=form)


@require_POST
@login_required
def compare(request: PageRequest, programme: str) -> HttpResponse:
    """Set the baseline."""
    request.actor.require("baseline.set")
    found = _programme(request, programme)
    request.actor.require("baseline.set", programme_id=found.pk)
    form = BaselineForm(request.POST, sources=_sources(found))
    if form.is_valid():
        try:
            set_baseline(actor=request.actor, programme=found, **form.cleaned_data)
        except Invalid as wrong:
            form.add_error(wrong.field or None, wrong.message)
        else:
            messages.success(request, _("Reports compare with this period from now on."))
            return redirect("cycles:levels", programme=found.slug)
    return _page(request, found, baseline_form=form)


@require_POST
@login_required
def watch(request: PageRequest, programme: str) -> HttpResponse:
    """Name the people who are told before a service level is missed."""
    request.actor.require("service_level.set")
    found = _programme(request, programme)
    form = WatchersForm(request.POST, candidates=candidates(found))
    if not form.is_valid():
        raise Invalid("service_level.people", str(form.errors["people"][0]), field="people")
    name_watchers(actor=request.actor, programme=found, people=form.cleaned_data["people"])
    messages.success(request, _("They are told before a service level is missed."))
    return redirect("cycles:levels", programme=found.slug)


def _history(programme: Programme) -> list[ServiceLevel | Baseline]:
    """Give what was last set, the newest first."""
    both: list[ServiceLevel | Baseline] = [
        *levels.level_history(programme.pk)[:_SHOWN],
        *levels.baseline_history(programme.pk)[:_SHOWN],
    ]
    return sorted(both, key=lambda one: one.set_at, reverse=True)


def _page(
    request: PageRequest,
    programme: Programme,
    *,
    promise_form: forms.Form | None = None,
    baseline_form: forms.Form | None = None,
) -> HttpResponse:
    actor = request.actor
    watchers = LevelWatcher.objects.filter(programme=programme).select_related("user").order_by("user__name", "pk")
    context: dict[str, Any] = {
        "programme": programme,
        "kept": kept(actor, Filters(programme=programme.slug), programme),
        "baseline": levels.baseline(programme.pk),
        "history": _history(programme),
        "may_promise": actor.may("service_level.set", programme_id=programme.pk),
        "may_compare": actor.may("baseline.set", programme_id=programme.pk),
        "watchers": [watcher.user.display_name for watcher in watchers],
        "watchers_form": WatchersForm(
            initial={"people": [watcher.user_id for watcher in watchers]}, candidates=candidates(programme)
        ),
        "promise_form": promise_form or ServiceLevelForm(),
        "baseline_form": baseline_form or BaselineForm(sources=_sources(programme)),
    }
    wrong = (promise_form is not None and promise_form.errors) or (baseline_form is not None and baseline_form.errors)
    return render(request, "cycles/levels.html", context, status=422 if wrong else 200)


def _sources(programme: Programme) -> list[str]:
    found = ImportedCase.objects.filter(programme=programme).order_by("source").values_list("source", flat=True)
    return list(found.distinct())


def _programme(request: PageRequest, slug: str) -> Programme:
    found = Programme.objects.visible_to(request.actor).filter(slug=slug).first()
    if found is None:
        raise NotFound("programme.not_found", _("There is no programme “%(slug)s” that you may see.") % {"slug": slug})
    return found
