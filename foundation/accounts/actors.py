"""Who acts: a user with all standings (role, team, programmes), read once, a device, or the system itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import Device, Membership, Team, User
from foundation.accounts.rights import Right, right_of
from foundation.accounts.roles import Role
from foundation.kit.asking import Row, rows_of
from foundation.kit.errors import Forbidden

# These act for their own team only; every other role acts in all programmes of its team.
TEAM_BOUND: Final = frozenset({Role.REPORTER})


@dataclass(frozen=True, slots=True)
class Standing:
    """One membership as plain values: the role in a team, and the programmes which that team serves."""

    role: Role
    team_id: int
    team_kind: str
    programme_ids: frozenset[int]

    def covers(self, *, programme_id: int | None, team_id: int | None) -> bool:
        """Tell whether this standing reaches the programme and team in question (None: not asked)."""
        if self.role in TEAM_BOUND and team_id is not None:
            return team_id == self.team_id and (programme_id is None or programme_id in self.programme_ids)
        if programme_id is not None:
            return programme_id in self.programme_ids
        return team_id is None or team_id == self.team_id


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for something. `scopes` is None for a session (no limit) and a token's scopes otherwise."""

    kind: Literal["user", "device", "system"]
    # Of the user or the device: never without `kind`. What is kept as a person's takes `user_id`.
    id: int | None
    name: str
    standings: tuple[Standing, ...] = ()
    scopes: frozenset[str] | None = None

    @property
    def is_system(self) -> bool:
        """True for the house itself, which sees everything and may do everything."""
        return self.kind == "system"

    @property
    def user_id(self) -> int | None:
        """The id of the account that acts; None for a device, the house itself and visitors."""
        return self.id if self.kind == "user" else None

    @property
    def device_id(self) -> int | None:
        """The id of the device that acts; None for everybody else."""
        return self.id if self.kind == "device" else None

    @property
    def is_authenticated(self) -> bool:
        """False only for a visitor who has not signed in."""
        return self.is_system or self.id is not None

    def has_scope(self, scope: str) -> bool:
        """Tell whether a token (if it is one) reaches `scope`; writing an area includes reading it."""
        if self.scopes is None or scope in self.scopes:
            return True
        area, _colon, mode = scope.partition(":")
        return mode == "read" and f"{area}:write" in self.scopes

    def may(self, verb: str, *, programme_id: int | None = None, team_id: int | None = None) -> bool:
        """Tell whether some standing allows `verb` in this programme and for this team.

        A reporter's standing reaches the own team only; every other reaches all programmes of its team.
        """
        right = right_of(verb)
        if self.is_system:
            return True
        return self.has_scope(right.scope) and any(
            standing.role in right.roles and standing.covers(programme_id=programme_id, team_id=team_id)
            for standing in self.standings
        )

    def require_scope(self, scope: str) -> None:
        """Raise Forbidden, naming the scope, unless a token has it; sessions have all."""
        if not self.has_scope(scope):
            raise Forbidden("accounts.scope_missing", _("This token lacks the scope “%(scope)s”.") % {"scope": scope})

    def require(self, verb: str, *, programme_id: int | None = None, team_id: int | None = None) -> None:
        """Raise Forbidden, saying what may not be done and who can give the right to, unless `may(...)`."""
        if self.may(verb, programme_id=programme_id, team_id=team_id):
            return
        right = right_of(verb)
        if not self.has_scope(right.scope):
            said = _(
                "This token may not %(verb)s: it lacks the scope “%(scope)s”. "
                "Whoever makes a token gives it its scopes."
            )
            raise Forbidden("accounts.scope_missing", said % {"verb": right.words, "scope": right.scope}, right=verb)
        said = _("%(name)s may not %(verb)s here.") % {"name": self.name or _("A visitor"), "verb": right.words}
        raise Forbidden("accounts.right_missing", f"{said} {_who_may(right)}", right=verb)

    def require_in_all(self, verb: str, *, programme_ids: Iterable[int]) -> None:
        """Raise Forbidden unless the actor may do `verb` in each of the programmes, and at all where there is none."""
        self.require(verb)
        for programme_id in programme_ids:
            self.require(verb, programme_id=programme_id)

    def programmes(self, *roles: Role) -> frozenset[int]:
        """Give the ids of the programmes in which the actor has one of `roles` (none named: any role)."""
        return frozenset().union(*(s.programme_ids for s in self.standings if not roles or s.role in roles))

    def teams(self, *roles: Role) -> frozenset[int]:
        """Give the ids of the teams in which the actor has one of `roles` (none named: any role)."""
        return frozenset(s.team_id for s in self.standings if not roles or s.role in roles)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the actor has one of `roles` anywhere."""
        return any(s.role in roles for s in self.standings)


def _who_may(right: Right) -> str:
    """Say which roles have a right, and who gives them."""
    roles = [str(role.label) for role in Role if role in right.roles]
    if not roles:
        return _("Fieldloop alone does that.")
    said = ngettext(
        "It takes the role “%(roles)s”; an administrator gives it.",
        "It takes one of these roles: %(roles)s; an administrator gives them.",
        len(roles),
    )
    return said % {"roles": ", ".join(roles)}


def _standings(user_id: int) -> QuerySet[Membership, Row]:
    return (
        Membership.objects.filter(user_id=user_id)
        .values_list("role", "team_id", "team__kind")
        .annotate(programmes=ArrayAgg("team__programmes", filter=Q(team__programmes__isnull=False), default=[]))
        .order_by("team_id", "role")
    )


SYSTEM: Final = Actor(kind="system", id=None, name="Fieldloop")
NOBODY: Final = Actor(kind="user", id=None, name="")


def actor_of(user: Any, *, scopes: Iterable[str] | None = None) -> Actor:
    """Give the actor for a user, with one query; a visitor or a deactivated user has no standing at all.

    `scopes` limits it to what a token was given for (None: a session, no limit).
    """
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    rows = rows_of(_standings, key=user.pk)
    return Actor(
        kind="user",
        id=user.pk,
        name=user.display_name,
        standings=tuple(Standing(Role(role), team, kind, frozenset(ids)) for role, team, kind, ids in rows),
        scopes=None if scopes is None else frozenset(scopes),
    )


def _programmes_served(team_id: int) -> QuerySet[Team, Row]:
    return (
        Team.objects.filter(pk=team_id)
        .order_by()
        .values_list("kind")
        .annotate(serves=ArrayAgg("programmes", filter=Q(programmes__isnull=False), default=[]))
    )


def actor_of_device(device: Device, *, scopes: Iterable[str] | None = None) -> Actor:
    """Give the actor for a device, with one query: a reporter of its team, and nothing else; nobody if revoked."""
    if not device.is_live:
        return NOBODY
    ((kind, programme_ids),) = rows_of(_programmes_served, key=device.team_id)
    return Actor(
        kind="device",
        id=device.pk,
        name=device.name,
        standings=(Standing(Role.REPORTER, device.team_id, kind, frozenset(programme_ids)),),
        scopes=None if scopes is None else frozenset(scopes),
    )
