"""Administration of people."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts import queries
from foundation.accounts.actions.add_membership import add_membership
from foundation.accounts.actions.add_user import add_user
from foundation.accounts.actions.change_user import change_user
from foundation.accounts.actions.deactivate_user import deactivate_user
from foundation.accounts.actions.make_password_link import make_password_link
from foundation.accounts.actions.reactivate_user import reactivate_user
from foundation.accounts.actions.remove_membership import remove_membership
from foundation.accounts.actors import Actor
from foundation.accounts.forms import AddPersonForm, MembershipForm, ProfileForm
from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import Team, User
from foundation.accounts.roles import Role
from foundation.kit.paging import page_of


@require_safe
def people(request: PageRequest) -> HttpResponse:
    """List the people of one's programmes."""
    request.actor.require("user.see")
    words = request.GET.get("q", "").replace("\x00", "").strip()
    page = page_of(queries.people(actor=request.actor, words=words), request)
    return render(request, "accounts/people.html", {"page": page, "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: PageRequest) -> HttpResponse:
    """Make an account, with its first membership."""
    request.actor.require("user.add")
    form = AddPersonForm(request.POST or None, teams=queries.teams(actor=request.actor))
    if request.method == "POST" and form.is_valid():
        person = form.attempt(_add, actor=request.actor, values=form.cleaned_data)
        if person is not None:
            messages.success(
                request,
                _("The account is there. Make a link for %(name)s to set a password with.")
                % {"name": person.display_name},
            )
            return redirect("accounts:person", username=person.username)
    return render(request, "accounts/person_add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PageRequest, username: str) -> HttpResponse:
    """Show one person, and change what the account says of them."""
    request.actor.require("user.see")
    found = queries.person_by_username(actor=request.actor, username=username)
    fields = ("name", "email", "language", "time_zone")
    form = ProfileForm(request.POST or None, initial={field: getattr(found, field) for field in fields})
    if request.method == "POST" and form.is_valid():
        changed = form.attempt(change_user, actor=request.actor, user=found, **form.cleaned_data)
        if changed is not None:
            messages.success(request, _("The account is changed."))
            return redirect("accounts:person", username=found.username)
    return _page(request, found, form=form, status=422 if form.errors else 200)


@require_POST
def add_role(request: PageRequest, username: str) -> HttpResponse:
    """Make the person something in a team."""
    request.actor.require("membership.add")
    found = queries.person_by_username(actor=request.actor, username=username)
    form = MembershipForm(request.POST, teams=queries.teams(actor=request.actor))
    if form.is_valid():
        values = {"team": form.cleaned_data["team"], "role": Role(form.cleaned_data["role"])}
        if form.attempt(add_membership, actor=request.actor, user=found, **values) is not None:
            return redirect("accounts:person", username=found.username)
    return _page(request, found, membership_form=form, status=422)


@require_POST
def remove_role(request: PageRequest, username: str, pk: int) -> HttpResponse:
    """Take a role from the person."""
    request.actor.require("membership.remove")
    membership = queries.membership_by_pk(actor=request.actor, username=username, pk=pk)
    remove_membership(actor=request.actor, membership=membership)
    return redirect("accounts:person", username=membership.user.username)


@require_POST
def deactivate(request: PageRequest, username: str) -> HttpResponse:
    """Shut the person's account."""
    request.actor.require("user.change")
    found = queries.person_by_username(actor=request.actor, username=username)
    deactivate_user(actor=request.actor, user=found)
    messages.success(request, _("The account is deactivated: sign-in, sessions and tokens have ended."))
    return redirect("accounts:person", username=found.username)


@require_POST
def reactivate(request: PageRequest, username: str) -> HttpResponse:
    """Open the person's account again."""
    request.actor.require("user.change")
    found = queries.person_by_username(actor=request.actor, username=username)
    reactivate_user(actor=request.actor, user=found)
    messages.success(request, _("The account is active again."))
    return redirect("accounts:person", username=found.username)


@never_cache
@require_POST
def password_link(request: PageRequest, username: str) -> HttpResponse:
    """Make a set-password link, which is in this one answer and nowhere else."""
    request.actor.require("user.change")
    found = queries.person_by_username(actor=request.actor, username=username)
    path = make_password_link(actor=request.actor, user=found)
    link = f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    return _page(request, found, link=link)


def _page(request: PageRequest, found: User, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "person": found,
        "form": ProfileForm(
            initial={
                "name": found.name,
                "email": found.email,
                "language": found.language,
                "time_zone": found.time_zone,
            }
        ),
        "membership_form": MembershipForm(teams=queries.teams(actor=request.actor)),
        "link_days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        **more,
    }
    return render(request, "accounts/person.html", context, status=status)


@transaction.atomic
def _add(*, actor: Actor, values: dict[str, Any]) -> User:
    """Make the account and its first membership, or neither."""
    team: Team = values.pop("team")
    role = Role(values.pop("role"))
    user = add_user(actor=actor, **values)
    add_membership(actor=actor, user=user, team=team, role=role)
    return user
