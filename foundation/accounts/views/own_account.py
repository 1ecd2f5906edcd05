"""What people do with their own account: profile and API tokens."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts import queries, rights
from foundation.accounts.actions.change_user import change_user
from foundation.accounts.actions.create_token import create_token
from foundation.accounts.actions.revoke_token import revoke_token
from foundation.accounts.forms import ProfileForm, TokenForm
from foundation.accounts.middleware import PageRequest
from foundation.kit import clock


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PageRequest) -> HttpResponse:
    """Show and change one's own name, address, language and time zone."""
    user = request.user
    fields = ("name", "email", "language", "time_zone")
    form = ProfileForm(request.POST or None, initial={field: getattr(user, field) for field in fields})
    if request.method == "POST" and form.is_valid():
        changed = form.attempt(change_user, actor=request.actor, user=user, **form.cleaned_data)
        if changed is not None:
            with override(changed.language or None):
                messages.success(request, _("Your settings are saved."))
            return redirect("accounts:settings")
    context = {"form": form, "belongings": queries.belongings(user)}
    return render(request, "accounts/settings.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: PageRequest) -> HttpResponse:
    """List one's API tokens and make a new one, whose text is in this one answer and nowhere else."""
    actor, created = request.actor, None
    scopes = rights.scopes_of_use(frozenset(standing.role for standing in actor.standings))
    form = TokenForm(request.POST or None, scopes=scopes)
    if request.method == "POST" and form.is_valid():
        created = form.attempt(
            create_token,
            actor=actor,
            user=request.user,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=clock.now() + timedelta(days=form.cleaned_data["days"]),
        )
    if created is not None:
        form = TokenForm(scopes=scopes)
    context = {"form": form, "created": created, "rows": queries.tokens_of(request.user, now=clock.now())}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: PageRequest, pk: int) -> HttpResponse:
    """Revoke one of one's tokens."""
    token = revoke_token(actor=request.actor, token=queries.token_by_pk(actor=request.actor, pk=pk))
    messages.success(request, _("The token “%(name)s” is revoked: it opens nothing any more.") % {"name": token.name})
    return redirect("accounts:tokens")
