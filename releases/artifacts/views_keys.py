"""The pages of signing keys: how one is made, whose counts, and how one is revoked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.journal.queries import activity
from releases.artifacts import queries
from releases.artifacts.actions.confirm_key import confirm_key, own_part
from releases.artifacts.actions.register_key import register_key
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.forms import KeyForm, ReasonForm
from releases.artifacts.models import SigningKey
from releases.requests import actor_of_request, done


@login_required
@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    """List the keys, those that wait for somebody first."""
    actor = actor_of_request(request)
    actor.require("key.see")
    keys = sorted(queries.keys_of(actor)[:500], key=lambda key: key.state != "waiting")
    return render(request, "artifacts/keys.html", {"keys": keys, "may_register": actor.may("key.register")})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def key_add(request: HttpRequest) -> HttpResponse:
    """Register the public half of a key."""
    actor = actor_of_request(request)
    actor.require("key.register")
    form = KeyForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        found = done(form, lambda: register_key(actor=actor, **form.cleaned_data))
        if found is not None:
            messages.success(
                request, _("The key %(key)s waits for somebody else to confirm it.") % {"key": found.key_id}
            )
            return redirect(found)
    return render(request, "artifacts/key_add.html", {"form": form}, status=422 if request.method == "POST" else 200)


@login_required
@require_safe
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one key: what it counts for, who vouches for it, what it signed."""
    return _key(request, queries.key_of(actor_of_request(request), pk), ReasonForm())


def _key(request: HttpRequest, found: SigningKey, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    actor = actor_of_request(request)
    programme = found.component.programme_id
    context = {
        "key": found,
        "own_part": own_part(actor.user_id, found),
        "may_confirm": found.state == "waiting" and actor.may("key.confirm", programme_id=programme),
        "may_revoke": found.state != "revoked" and actor.may("key.revoke", programme_id=programme),
        "revoke_form": form,
        "signatures": queries.signed_with(found),
        "entries": activity(subjects=[("signing_key", found.pk)], limit=50),
    }
    return render(request, "artifacts/key.html", context, status=status)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the key as somebody else."""
    actor = actor_of_request(request)
    found = confirm_key(actor=actor, key=queries.key_of(actor, pk))
    messages.success(request, _("The key %(key)s counts from now on.") % {"key": found.key_id})
    return redirect(found)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke the key."""
    actor = actor_of_request(request)
    found = queries.key_of(actor, pk)
    actor.require("key.revoke", programme_id=found.component.programme_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _key(request, found, form, status=422)
    revoke_key(actor=actor, key=found, reason=form.cleaned_data["reason"])
    messages.success(request, _("The key %(key)s is revoked.") % {"key": found.key_id})
    return redirect(found)
