"""What pages and API read of people, teams and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.devices import DeviceAtWork
from foundation.accounts.models import ApiToken, Membership, Team, User
from foundation.accounts.roles import Role
from foundation.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a person is in one team."""

    team_slug: str
    team_name: str
    team_kind: str
    role: str

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label)


def belongings(user: User | DeviceAtWork) -> list[Belonging]:
    """Give the user's roles, team by team, with one query; of a device what it is in its team."""
    if isinstance(user, DeviceAtWork):
        team = user.device.team
        return [Belonging(team.slug, team.name, team.kind, Role.REPORTER)]
    rows = Membership.objects.filter(user=user).order_by("team__name", "role")
    return [Belonging(*row) for row in rows.values_list("team__slug", "team__name", "team__kind", "role")]


def teams(*, actor: Actor) -> QuerySet[Team]:
    """Give the visible teams with their programmes, by name."""
    return Team.objects.visible_to(actor).prefetch_related("programmes")


def team_list(*, actor: Actor) -> QuerySet[Team]:
    """Give the visible teams with their programmes and, as `people`, the number of active members."""
    active = Count("memberships__user", filter=Q(memberships__user__is_active=True), distinct=True)
    return teams(actor=actor).annotate(people=active)


def team_by_slug(*, actor: Actor, slug: str) -> Team:
    """Give the visible team with its memberships; raises NotFound."""
    members = Membership.objects.select_related("user").order_by("user__name", "user__username", "role")
    found = teams(actor=actor).prefetch_related(Prefetch("memberships", members)).filter(slug=slug).first()
    if found is None:
        raise NotFound("accounts.team_unknown", _("There is no team “%(slug)s” that you may see.") % {"slug": slug})
    return found


def people(*, actor: Actor, words: str = "") -> QuerySet[User]:
    """Give the visible people with their memberships, by name; `words` narrows to names that hold them."""
    found = User.objects.visible_to(actor)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(username__icontains=word) | Q(email__icontains=word))
    members = Membership.objects.select_related("team").order_by("team__name", "role")
    return found.prefetch_related(Prefetch("memberships", members)).order_by("-is_active", "name", "username")


def person_by_username(*, actor: Actor, username: str) -> User:
    """Give the visible person with memberships; raises NotFound."""
    found = people(actor=actor).filter(username__iexact=username).first()
    if found is None:
        raise NotFound(
            "accounts.user_unknown",
            _("There is no person “%(username)s” that you may see.") % {"username": username},
        )
    return found


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its owner sees it."""

    token: ApiToken
    state: str  # live, expired or revoked

    @property
    def is_live(self) -> bool:
        """True when it still opens something."""
        return self.state == "live"


def tokens_of(user: User, *, now: datetime) -> Sequence[TokenRow]:
    """Give the user's tokens, newest first, with what each still opens at `now`."""
    return [TokenRow(token, _state(token, now)) for token in ApiToken.objects.filter(user=user)]


def token_by_pk(*, actor: Actor, pk: int) -> ApiToken:
    """Give the actor's own token; raises NotFound."""
    found = ApiToken.objects.visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("accounts.token_unknown", _("You have no such token."))
    return found


def _state(token: ApiToken, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "live" if token.is_live(now) else "expired"


def membership_by_pk(*, actor: Actor, username: str, pk: int) -> Membership:
    """Give one of the memberships of a visible person in a visible team; raises NotFound."""
    rows = Membership.objects.select_related("user", "team").filter(
        pk=pk, user__in=User.objects.visible_to(actor), team__in=Team.objects.visible_to(actor)
    )
    found = rows.filter(user__username__iexact=username).first()
    if found is None:
        raise NotFound("accounts.membership_gone", _("There is no such membership, or it has been removed already."))
    return found
