"""Gives every page request its actor, and speaks the language of the account."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from foundation.accounts.actors import Actor, actor_of
from foundation.accounts.models import User

type_of_next = Callable[[HttpRequest], HttpResponseBase]


class PageRequest(HttpRequest):
    """What a view of this house receives: a request with its actor."""

    actor: Actor
    user: User  # views are behind the sign-in, unless they say otherwise


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
    return type(kind.__name__, (kind,), {"actor": cached_property(lambda page: actor_of(page.user))})


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
