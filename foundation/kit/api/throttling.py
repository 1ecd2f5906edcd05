"""Limits how fast one caller may ask; when the cache that counts is down, callers are let through.

Requests are counted by the rate's own period (each minute of the clock, say): one number in the cache, which any number
of processes raise without losing a request.
"""

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle, SimpleRateThrottle, UserRateThrottle

from foundation.kit import clock

if TYPE_CHECKING:  # REST framework's views load this module while they are being loaded
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


class Counted(SimpleRateThrottle):
    """REST framework's throttle, with a count in place of the time of each request."""

    num_requests: int | None
    duration: int | None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Tell whether the caller is within the rate."""
        key = None if self.rate is None else self.get_cache_key(request, view)
        if key is None:
            return True
        assert self.num_requests is not None
        assert self.duration is not None
        period, self.past = divmod(clock.now().timestamp(), self.duration)
        try:
            return self._count(f"{key}_{period:.0f}", self.duration) <= self.num_requests
        except (OSError, RedisError) as error:
            log.warning("The cache does not answer, so that requests are not counted: %s", error)
            return True

    def _count(self, key: str, duration: int) -> int:
        try:
            return int(self.cache.incr(key))
        except ValueError:  # the first of this period
            self.cache.add(key, 0, duration)
            return int(self.cache.incr(key))

    def wait(self) -> float | None:
        """Give the seconds until the next period begins."""
        return None if self.duration is None else self.duration - self.past


class CallerThrottle(UserRateThrottle, Counted):
    """One rate for all requests of a user (an address, where nobody is signed in)."""

    scope = "caller"

    def get_rate(self) -> str | None:
        """Give the rate of the settings as they are now ("1200/min"; None: no limit)."""
        rate: str | None = settings.API_RATE
        return rate


class ScopeThrottle(ScopedRateThrottle, Counted):
    """A rate of its own for views that name a `throttle_scope` ("write", "upload", "export")."""
