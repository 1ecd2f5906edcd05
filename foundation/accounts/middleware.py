"""Gives every page request its actor, and speaks the language of the account."""

from collections.abc import Callable
from typing import cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

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
        page = cast(PageRequest, request)
        page.actor = cast(Actor, SimpleLazyObject(lambda: actor_of(page.user)))
        return self.get_response(request)


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
