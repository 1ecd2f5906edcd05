"""Devices of field teams: who has which, a code for another one, and the door by which a phone comes in."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import qrcode
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from qrcode.image.svg import SvgPathImage

from foundation.accounts import devices as doors
from foundation.accounts import enrolment, queries_devices
from foundation.accounts.actions.add_enrolment_code import NewCode, add_enrolment_code
from foundation.accounts.actions.enrol_device import enrol_device
from foundation.accounts.actions.revoke_device import revoke_device
from foundation.accounts.forms_devices import CodeForm, EnrolForm, RevokeForm
from foundation.accounts.middleware import PageRequest
from foundation.accounts.reach import require_person
from foundation.kit import clock


@require_safe
def devices(request: PageRequest) -> HttpResponse:
    """List the field teams whose devices one looks after; with only one, lead there at once."""
    require_person(request.actor, "device.see")
    teams = list(queries_devices.teams_with_devices(request.actor))
    if len(teams) == 1:
        return redirect("accounts:team_devices", slug=teams[0].slug)
    return render(request, "accounts/devices.html", {"teams": teams})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def team_devices(request: PageRequest, slug: str) -> HttpResponse:
    """Show a team's devices, and make a code for another one, which is in this one answer and nowhere else."""
    actor = request.actor
    require_person(actor, "device.see")
    team = queries_devices.team_with_devices(actor, slug)
    form, created = CodeForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        created = form.attempt(
            add_enrolment_code,
            actor=actor,
            team=team,
            name=values["name"],
            language=values["language"],
            valid_for=timedelta(minutes=values["minutes"]),
        )
        form = form if created is None else CodeForm()
    context = {
        "team": team,
        "devices": queries_devices.devices_of(actor, team),
        "waiting": queries_devices.waiting_codes(actor, team, now=clock.now()),
        "form": form,
        "created": created,
        **(_handed_over(request, created) if created else {"address": _address(request)}),
    }
    return render(request, "accounts/team_devices.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PageRequest, slug: str, pk: int) -> HttpResponse:
    """Ask why, and let a device act for its team no longer."""
    require_person(request.actor, "device.revoke")
    device = queries_devices.device_by_pk(request.actor, slug, pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoked = form.attempt(revoke_device, actor=request.actor, device=device, **form.cleaned_data)
        if revoked is not None:
            messages.success(request, _("“%(name)s” is revoked: it opens nothing any more.") % {"name": device.name})
            return redirect("accounts:team_devices", slug=slug)
    context = {"device": device, "form": form}
    return render(request, "accounts/device_revoke.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: PageRequest) -> HttpResponse:
    """Make the browser that asks a device of the team that handed it the code."""
    form = EnrolForm(request.POST or None, initial={"code": request.GET.get("code", "")[:40]})
    if request.method == "POST" and form.is_valid():
        address = get_adapter().get_client_ip(request)
        enrolled = form.attempt(enrol_device, code=form.cleaned_data["code"], address=address)
        if enrolled is not None:
            if request.user.is_authenticated:  # from now on the device acts here, not the person who lent it
                logout(request)
            language = enrolled.device.language or translation.get_language() or settings.LANGUAGE_CODE
            with translation.override(language):
                values = {"device": enrolled.device.name, "team": enrolled.device.team.name}
                messages.success(request, _("This is “%(device)s” of %(team)s now.") % values)
            response = redirect("/")
            doors.remember(response, enrolment.signed(enrolled.secret))
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=doors.KEPT, samesite="Lax")
            return response
    context = {"form": form, "gone": "gone" in request.GET}
    return render(request, "accounts/enrol.html", context, status=422 if form.errors else 200)


def _address(request: HttpRequest) -> str:
    path = reverse("accounts:enrol")
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def _handed_over(request: HttpRequest, created: NewCode) -> dict[str, str]:
    """Give the address with the code in it, and its picture for a camera."""
    address = _address(request)
    link = f"{address}?{urlencode({'code': created.plaintext})}"
    picture = BytesIO()
    qrcode.make(link, image_factory=SvgPathImage, border=2).save(picture)
    svg = b64encode(picture.getvalue()).decode()
    return {"address": address, "link": link, "qr": f"data:image/svg+xml;base64,{svg}"}
