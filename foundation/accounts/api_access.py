"""How programs come in: bearer tokens, and a permission that lets nothing through which no room has named."""

from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from foundation.accounts import devices
from foundation.accounts.actors import Actor, actor_of, actor_of_device
from foundation.accounts.devices import DeviceAtWork
from foundation.accounts.enrolment import TOKEN_PREFIX
from foundation.accounts.models import ApiToken, Device, User
from foundation.accounts.rights import right_of, scopes_of_use
from foundation.accounts.roles import Role
from foundation.kit import clock
from foundation.kit.asking import Row, rows_of

if TYPE_CHECKING:  # REST framework's views load this module while they are being loaded
    from rest_framework.views import APIView

# A write for each request would cost more than the request itself.
USED_EVERY: Final = timedelta(hours=1)


_TOKEN_COLUMNS: Final = [field.attname for field in ApiToken._meta.concrete_fields]
_USER_COLUMNS: Final = [field.attname for field in User._meta.concrete_fields]


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer <token>`: signs the owner in for this request, within the token's scopes.

    Not knox's own look-up, which deletes expired tokens while reading and reads all others of the user.
    """

    def authenticate(self, request: Request) -> tuple[User | DeviceAtWork, ApiToken | Device] | None:
        """Give (user, token), or None where no bearer token was sent; raises AuthenticationFailed (401).

        The token of a device is the device itself.
        """
        found = cast("tuple[User | DeviceAtWork, ApiToken | Device] | None", super().authenticate(request))
        if found is not None:
            user, token = found
            # On Django's own request: REST framework's wrapper looks there for what it does not have.
            django_request: Any = request._request  # noqa: SLF001 -- Django's own, with the session
            django_request.actor = cast(Actor, SimpleLazyObject(lambda: _actor_of(user, token)))
            if user.language and not request.headers.get("Accept-Language"):
                translation.activate(user.language)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User | DeviceAtWork, ApiToken | Device]:
        """Give the owner and the token; raises AuthenticationFailed for an unknown, revoked or expired one."""
        if token.startswith(TOKEN_PREFIX.encode()):
            device = _device(token.decode("latin-1"))
            return DeviceAtWork(device), device
        # By the digest of the whole token: what time the index takes tells nothing of any token.
        found = _token(hash_token(token.decode("latin-1")))
        now = clock.now()
        if found is None:
            raise AuthenticationFailed(_("This token is not known. Make one on your account page."))
        if found.revoked_at is not None:
            raise AuthenticationFailed(_("This token was revoked. Make another one on your account page."))
        if not found.is_live(now):
            raise AuthenticationFailed(
                _("This token expired on %(day)s. Make another one on your account page.")
                % {"day": found.expiry.date().isoformat()}
            )
        if not found.user.is_active:
            raise AuthenticationFailed(_("The account of this token is deactivated."))
        if found.last_used_at is None or now - found.last_used_at >= USED_EVERY:
            stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
            ApiToken.objects.filter(stale, pk=found.pk).update(last_used_at=now)
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        """Give what a 401 says in WWW-Authenticate."""
        return "Bearer"


def _actor_of(user: User | DeviceAtWork, token: ApiToken | Device) -> Actor:
    if isinstance(token, Device):
        return actor_of_device(token, scopes=scopes_of_use(frozenset({Role.REPORTER})))
    return actor_of(user, scopes=token.scopes)


def _device(secret: str) -> Device:
    """Give the device with this token; raises AuthenticationFailed for an unknown or revoked one."""
    found = devices.device_of(secret)
    if found is None:
        raise AuthenticationFailed(_("This device is not known. Enrol it with a code of its team."))
    if not found.is_live:
        raise AuthenticationFailed(_("This device was revoked. Enrol it anew with a code of its team."))
    devices.note_seen(found)
    return found


def _token(digest: str) -> ApiToken | None:
    """Give the token with its user, or None."""
    for row in rows_of(_tokens, key=digest):
        token: ApiToken = ApiToken.from_db(DEFAULT_DB_ALIAS, _TOKEN_COLUMNS, row[: len(_TOKEN_COLUMNS)])
        token.user = User.from_db(DEFAULT_DB_ALIAS, _USER_COLUMNS, row[len(_TOKEN_COLUMNS) :])
        return token
    return None


def _tokens(digest: str) -> QuerySet[ApiToken, Row]:
    columns = (*_TOKEN_COLUMNS, *(f"user__{column}" for column in _USER_COLUMNS))
    return ApiToken.objects.filter(digest=digest).order_by().values_list(*columns)


class SignedIn(BasePermission):
    """For what every caller may read of itself, whatever the token's scopes."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Tell whether there is somebody at all; without, REST framework answers 401."""
        return bool(request.user.is_authenticated)


class InScope(SignedIn):
    """The default of every view: a token needs "<area>:read" to read and "<area>:write" to change.

    The area is the one under which the view's room registered its rights, unless the view names an `area`.
    A view of a room without rights lets nobody through, session or token. What the caller's *roles* allow
    is asked by `visible_to` and by the actions.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Tell whether the caller may pass; raises Forbidden, naming the scope that is missing."""
        if not super().has_permission(request, view):
            return False
        area = getattr(view, "area", "") or area_of(type(view).__module__)
        if not area:
            return False
        actor: Actor = cast(Any, request).actor
        actor.require_scope(f"{area}:{'read' if request.method in SAFE_METHODS else 'write'}")
        return True


@cache
def area_of(module: str) -> str:
    """Give the area of the API that the room with this module registered its rights under; "" for none."""
    room = apps.get_containing_app_config(module)
    if room is None:
        return ""
    try:
        rights = import_module(f"{room.name}.policies").RIGHTS
    except ModuleNotFoundError:
        return ""
    return right_of(next(iter(rights))).scope.partition(":")[0]
