"""How a device comes in: by the secret of its enrolment, in a signed cookie or as a bearer token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from foundation.accounts import enrolment
from foundation.accounts.models import Device
from foundation.kit import clock
from foundation.kit.asking import objects_of

COOKIE: Final = "fieldloop_device"
# The longest that browsers keep one; each hour of use begins it anew.
KEPT: Final = timedelta(days=400)
SEEN_EVERY: Final = timedelta(hours=1)


class DeviceAtWork:
    """What stands where a request has its user: a device has no account, and is signed in all the same.

    Its primary key is negative, so that whatever counts or remembers by a user's never takes it for a person's.
    """

    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False
    is_active: ClassVar[bool] = True
    is_staff: ClassVar[bool] = False
    is_superuser: ClassVar[bool] = False
    email: ClassVar[str] = ""
    time_zone: ClassVar[str] = ""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.pk = self.id = -device.pk
        self.name = self.username = self.display_name = device.name
        self.language = device.language
        self.standing_for = device.team.name

    def __str__(self) -> str:
        return self.name

    def get_username(self) -> str:
        """Give the device's name, where a person's user name would stand."""
        return self.username

    def has_perm(self, *args: Any, **kwargs: Any) -> bool:
        """Tell Django that it has none of its permissions; the house asks its table of rights."""
        return False

    has_module_perms = has_perms = has_perm


def device_of(secret: str) -> Device | None:
    """Give the device that was enrolled with this secret, revoked or not, with its team; None for none."""
    return next(iter(objects_of(_by_digest, key=enrolment.secret_digest(secret))), None)


def _by_digest(digest: str) -> QuerySet[Device]:
    return Device.objects.filter(digest=digest).select_related("team")


def device_in(request: HttpRequest) -> Device | None:
    """Give the device whose cookie came with the request, revoked or not; None without one, or for a forged one."""
    secret = enrolment.unsigned(request.COOKIES.get(COOKIE, ""))
    return device_of(secret) if secret else None


def note_seen(device: Device) -> bool:
    """Keep that it was here, to the hour; tell whether that was written down now."""
    now = clock.now()
    if now - device.last_seen_at < SEEN_EVERY:
        return False
    stale = Device.objects.filter(pk=device.pk, last_seen_at__lte=now - SEEN_EVERY)
    return bool(stale.update(last_seen_at=now))


def remember(response: HttpResponseBase, cookie: str) -> None:
    """Let the browser keep the signed secret: out of reach of scripts, and never sent from another site."""
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def forget(response: HttpResponseBase) -> None:
    """Let the browser forget what it was enrolled with."""
    response.delete_cookie(COOKIE, samesite="Lax")
