"""The pages of rollouts and their verbs: each parses, calls one action or query, and renders or goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import Role, Team
from foundation.journal.queries import activity
from foundation.kit.paging import page_of
from releases.queries import release_of
from releases.requests import values_of
from releases.rollouts import queries
from releases.rollouts.actions.abort_rollout import abort_rollout
from releases.rollouts.actions.advance_rollout import advance_rollout
from releases.rollouts.actions.answer_rollout import answer_rollout
from releases.rollouts.actions.pause_rollout import pause_rollout
from releases.rollouts.actions.read_telling import read_telling
from releases.rollouts.actions.resume_rollout import resume_rollout
from releases.rollouts.actions.see_warning import see_warning
from releases.rollouts.affected import affected_by
from releases.rollouts.eligible import rollout_channels
from releases.rollouts.forms import AnswerForm, ReasonForm
from releases.rollouts.models import Rollout, RolloutTeam, Telling, WithdrawalWarning
from releases.rollouts.showing import view_of
from releases.rollouts.timeline_queries import MONTHS, timeline

VERBS = ("pause", "resume", "advance", "abort", "mark")


@require_safe
@login_required
def rollout_list(request: PageRequest) -> HttpResponse:
    """Show what is on its way, what one has to hear, and what is over."""
    actor = request.actor
    actor.require("rollout.see")
    found = queries.rollouts_of(actor)
    page = page_of(found.exclude(state__in=["running", "paused"]), request, size=30)
    context = {
        "live": [view_of(rollout) for rollout in found.filter(state__in=["running", "paused"])],
        "over": [view_of(rollout) for rollout in page.rows],
        "page": page,
        "tellings": queries.tellings_of(actor),
        "may_start": actor.may("rollout.start"),
    }
    return render(request, "rollouts/rollout_list.html", context)


@require_safe
@login_required
def rollout(request: PageRequest, pk: int) -> HttpResponse:
    """Show one rollout: its groups, who answered what, and what happens next."""
    actor = request.actor
    found = queries.rollout_of(actor, pk)
    programme = found.release.component.programme_id
    context = {
        "view": view_of(found),
        "rollout": found,
        "release": found.release,
        "may": {verb: actor.may(f"rollout.{verb}", programme_id=programme) for verb in VERBS},
        "entries": activity(subjects=[("rollout", found.pk)]),
        "reason_form": ReasonForm(auto_id="id_%s"),
        "answers": [
            (value, label) for value, label in RolloutTeam.Answer.choices if value != RolloutTeam.Answer.INSTALLED
        ],
        "tellings": [telling for telling in queries.tellings_of(actor) if telling.rollout_id == found.pk],
    }
    return render(request, "rollouts/rollout.html", context)


@require_safe
@login_required
def timeline_page(request: PageRequest) -> HttpResponse:
    """Show what was out on which channel over `?months=`, with the groups of its rollouts; `?component=` only one."""
    actor = request.actor
    actor.require("rollout.see")
    component = request.GET.get("component", "").replace("\x00", "")[:60]
    months = MONTHS.get(request.GET.get("months", ""), 6)
    context = {
        "lines": timeline(actor, component=component, months=months),
        "component": component,
        "months": months,
        "choices": MONTHS.values(),
    }
    return render(request, "rollouts/timeline.html", context)


@require_safe
@login_required
def release_rollouts(request: PageRequest, component: str, version: str) -> HttpResponse:
    """Show a release's rollouts (a panel of the release's page)."""
    actor = request.actor
    release = release_of(actor, component, version)
    found = queries.rollouts_of(actor).filter(release=release)
    programme = release.component.programme_id
    context = {
        "release": release,
        "views": [view_of(one) for one in found],
        "affected": affected_by(release) if release.state == "withdrawn" else [],
        "sees": actor.may("rollout.see", programme_id=programme),
        "channels": rollout_channels(release) if actor.may("rollout.start", programme_id=programme) else [],
    }
    return render(request, "rollouts/_release_rollouts.html", context)


@require_POST
@login_required
def pause(request: PageRequest, pk: int) -> HttpResponse:
    """Pause, with a reason."""
    return _act(request, pk, pause_rollout, _("The rollout is paused."))


@require_POST
@login_required
def resume(request: PageRequest, pk: int) -> HttpResponse:
    """Let it go on."""
    return _act(request, pk, resume_rollout, _("The rollout goes on."))


@require_POST
@login_required
def advance(request: PageRequest, pk: int) -> HttpResponse:
    """Let the next group begin by hand."""
    return _act(request, pk, advance_rollout, _("Done: it is one group further."))


@require_POST
@login_required
def abort(request: PageRequest, pk: int) -> HttpResponse:
    """End it, with a reason."""
    return _act(request, pk, abort_rollout, _("The rollout is aborted."))


@require_POST
@login_required
def answer(request: PageRequest, pk: int) -> HttpResponse:
    """Note what came back from a team; a team does so for itself, from its own page."""
    actor = request.actor
    found = queries.asking_rollout_of(actor, pk)
    values = values_of(AnswerForm(request.POST))
    team: Team = values["team"]
    row = answer_rollout(actor=actor, rollout=found, team=team, answer=values["answer"], note=values["note"])
    messages.success(
        request, _("Noted for %(team)s: %(answer)s.") % {"team": row.team, "answer": row.get_answer_display()}
    )
    return redirect(_back(request, found.get_absolute_url()))


@require_POST
@login_required
def read(request: PageRequest, pk: int) -> HttpResponse:
    """Put away what one was told."""
    telling = get_object_or_404(Telling.objects.select_related("rollout"), pk=pk, user=request.actor.user_id)
    read_telling(actor=request.actor, telling=telling)
    return redirect("rollouts:rollout_list")


@require_POST
@login_required
def warning_seen(request: PageRequest, pk: int) -> HttpResponse:
    """Say that the team has read the warning."""
    actor = request.actor
    teams = actor.teams(Role.REPORTER)
    programmes = actor.programmes(Role.RELEASE_MANAGER)
    warnings = WithdrawalWarning.objects.filter(Q(team__in=teams) | Q(release__component__programme__in=programmes))
    see_warning(actor=actor, warning=get_object_or_404(warnings, pk=pk))
    return redirect(_back(request, "/"))


def _back(request: PageRequest, otherwise: str) -> str:
    """Give the page that the form stood on, where it says so and is one of ours."""
    asked = request.POST.get("next", "")
    return asked if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else otherwise


def _act(request: PageRequest, pk: int, act: Callable[..., Any], said: str) -> HttpResponse:
    actor = request.actor
    found: Rollout = queries.rollout_of(actor, pk)
    values = values_of(ReasonForm(request.POST))
    act(actor=actor, rollout=found, reason=values["reason"])
    messages.success(request, said)
    return redirect(found)
