"""Gives every page request its actor (a person, a device), and speaks the language of the account."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation

from foundation.accounts import devices
from foundation.accounts.actors import Actor, actor_of, actor_of_device
from foundation.accounts.devices import DeviceAtWork
from foundation.accounts.models import User

_ACCOUNTS: Final = "/account/"
type_of_next = Callable[[HttpRequest], HttpResponseBase]


class PageRequest(HttpRequest):
    """What a view of this house receives: a request with its actor."""

    actor: Actor
    user: User  # views are behind the sign-in, unless they say otherwise


class DeviceMiddleware:
    """Signs a team's device in by the cookie of its enrolment, where no person is signed in.

    Read at each request: one that was revoked is led to where it can be enrolled anew. On the pages of accounts it is
    a visitor: it has none, and a person may sign in there.
    """

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if devices.COOKIE not in request.COOKIES or request.path.startswith(_ACCOUNTS) or request.user.is_authenticated:
            return self.get_response(request)
        device = devices.device_in(request)
        if device is None or not device.is_live:
            response = self.get_response(request)
            if devices.COOKIE not in response.cookies:  # it may just have been enrolled anew
                devices.forget(response)
                if response.headers.get("Location", "").startswith(reverse("account_login")):
                    response["Location"] = f"{reverse('accounts:enrol')}?gone=1"
            return response
        request.user = DeviceAtWork(device)  # type: ignore[assignment]  # it has no account, and stands for one
        seen = devices.note_seen(device)
        response = self.get_response(request)
        if seen and devices.COOKIE not in response.cookies:
            devices.remember(response, request.COOKIES[devices.COOKIE])
        return response


class ActorMiddleware:
    """Sets `request.actor`, lazily: a page that asks nothing of it costs no query, any other costs one."""

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kind: Any = type(request)
        request.__class__ = _with_actor(kind)
        return self.get_response(request)


@cache
def _with_actor(kind: Any) -> Any:
    # A lazy object in its place would stand between at each question, and hold the request wherever it is a key.
    return type(kind.__name__, (kind,), {"actor": cached_property(_actor_of_page)})


def _actor_of_page(request: HttpRequest) -> Actor:
    user: Any = request.user
    return actor_of_device(user.device) if isinstance(user, DeviceAtWork) else actor_of(user)


class AccountLanguageMiddleware:
    """Overrules what cookie and browser ask for by the language and time zone kept in the account."""

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        if not user.time_zone:
            return self.get_response(request)
        with timezone.override(ZoneInfo(user.time_zone)):
            return self.get_response(request)
