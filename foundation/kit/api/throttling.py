"""Limits how fast one caller may ask; when the cache that counts is down, callers are let through."""

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # REST framework's views load this module while they are being loaded
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


class CallerThrottle(UserRateThrottle):
    """One rate for all requests of a user (an address, where nobody is signed in)."""

    scope = "caller"

    def get_rate(self) -> str | None:
        """Give the rate of the settings as they are now ("1200/min"; None: no limit)."""
        rate: str | None = settings.API_RATE
        return rate

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Tell whether the caller is within the rate."""
        try:
            return super().allow_request(request, view)
        except OSError as error:
            log.warning("The cache does not answer, so that requests are not counted: %s", error)
            return True


class ScopeThrottle(ScopedRateThrottle):
    """A rate of its own for views that name a `throttle_scope` ("write", "upload", "export")."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Tell whether the caller is within the rate of the view's scope."""
        try:
            return super().allow_request(request, view)
        except OSError as error:
            log.warning("The cache does not answer, so that requests are not counted: %s", error)
            return True
