"""Who: users, teams, what a user is in a team, devices, and API tokens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from foundation.accounts.models_devices import Device, EnrolmentCode
from foundation.accounts.querysets import ApiTokenQuerySet, TeamQuerySet, UserQuerySet
from foundation.accounts.roles import Role, TeamKind

if TYPE_CHECKING:
    from foundation.accounts.actors import Actor

__all__ = ["ApiToken", "Device", "EnrolmentCode", "Membership", "Role", "Team", "TeamKind", "User"]


class PeopleManager(UserManager["User"]):
    """Django's manager of users, with `visible_to`."""

    use_in_migrations = False

    def get_queryset(self) -> UserQuerySet[User]:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> UserQuerySet[User]:
        """Give the people that the actor may know of."""
        return self.get_queryset().visible_to(actor)


class User(AbstractUser):
    """A person who signs in."""

    journal_type: ClassVar[str] = "user"

    # One name, as the person writes it: not every name falls into a first and a last one.
    first_name = None  # type: ignore[assignment]  # Django's way to leave out a field of an abstract model
    last_name = None  # type: ignore[assignment]  # as above
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="user_username_once", violation_error_message=_("This name is taken.")
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message=_("Another account has this e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name as the person writes it, else the user name."""
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class Team(models.Model):
    """A group that reports, builds or studies together."""

    journal_type: ClassVar[str] = "team"
    Kind = TeamKind

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=TeamKind.choices)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's role in a team; one user may stand in several."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}: {self.role}"


class TokenManager(models.Manager["ApiToken"]):
    """Tokens, with `visible_to`. (knox's own manager would make tokens past our action.)"""

    def get_queryset(self) -> ApiTokenQuerySet[ApiToken]:
        return ApiTokenQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> ApiTokenQuerySet[ApiToken]:
        """Give the actor's own tokens."""
        return self.get_queryset().visible_to(actor)


class ApiToken(AbstractAuthToken):
    """A bearer token: stored hashed, limited to scopes, always with an expiry; revoked, never deleted."""

    journal_type: ClassVar[str] = "token"

    # knox would make the digest the primary key; the journal needs a number, and no digest in its subjects.
    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=128, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    created = models.DateTimeField()
    expiry = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Kept to the hour: a write for each request would cost more than the request.
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TokenManager] = TokenManager()

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.name

    def is_live(self, now: datetime) -> bool:
        """Tell whether the token opens anything at `now`."""
        return self.revoked_at is None and now < self.expiry
