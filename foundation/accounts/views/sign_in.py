"""Where allauth's pages need a word of ours: a forgotten password on a server that sends no mail."""

from typing import cast

from allauth.account.views import password_reset
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send a mail by which the password can be set anew, or say who can help where there is no mail server."""
    if settings.EMAIL_URL:
        return cast(HttpResponse, password_reset(request))
    return render(request, "accounts/forgotten_without_mail.html")


@require_safe
def email(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the settings: the address is part of the account, and its changes are in the journal."""
    return redirect("accounts:settings")
