"""Who: users, teams, what a user is in a team, and API tokens."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class Role(models.TextChoices):
    """What a member of a team may be; `policies.py` of each room says what that allows."""

    REPORTER = "reporter", _("reporter")
    TRIAGER = "triager", _("triager")
    ENGINEER = "engineer", _("engineer")
    RELEASE_MANAGER = "release_manager", _("release manager")
    MANAGER = "manager", _("manager")
    ADMIN = "admin", _("administrator")
    PARTNER = "partner", _("academic partner")


class User(AbstractUser):
    """A person who signs in."""

    journal_type: ClassVar[str] = "user"

    language = models.CharField(max_length=5, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)


class Team(models.Model):
    """A group that reports, builds or studies together."""

    journal_type: ClassVar[str] = "team"

    class Kind(models.TextChoices):
        FIELD = "field", _("field team")
        ENGINEERING = "engineering", _("engineering team")
        ACADEMIC = "academic", _("academic team")

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's role in a team; one user may stand in several."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "team", "role"], name="membership_once")
        ]


class ApiToken(AbstractAuthToken):
    """A bearer token: stored hashed, limited to scopes, always with an expiry."""

    journal_type: ClassVar[str] = "token"

    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
