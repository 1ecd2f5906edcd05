"""Gives every page request its actor, and its language from the account, the cookie or the browser."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from foundation.accounts.actors import Actor, actor_of


class ActorMiddleware:
    """Sets `request.actor`, lazily: a page that asks nothing of it costs no query, any other costs one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = cast(Actor, SimpleLazyObject(lambda: actor_of(unlazy(request))))  # type: ignore[attr-defined]
        return self.get_response(request)
