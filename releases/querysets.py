"""What of this room is visible to whom, and the filters that pages and actions share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from foundation.accounts.roles import Role
from releases.policies import STAFF

if TYPE_CHECKING:
    from foundation.accounts.actors import Actor


class RepositoryQuerySet(models.QuerySet["Repository"]):
    """Repositories."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the repositories of the programmes in which the actor is staff."""
        if actor.is_system:
            return self
        return self.filter(component__programme__in=actor.programmes(*STAFF))


class CommitQuerySet(models.QuerySet["Commit"]):
    """Commits."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the commits of the programmes in which the actor is staff."""
        if actor.is_system:
            return self
        return self.filter(repository__component__programme__in=actor.programmes(*STAFF))


class RelationQuerySet(models.QuerySet["Relation"]):
    """What takes back or brings again."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the relations of the programmes in which the actor is staff."""
        if actor.is_system:
            return self
        return self.filter(component__programme__in=actor.programmes(*STAFF))

    def counting(self) -> Self:
        """Keep those that decide what is in a release."""
        return self.filter(state__in=("certain", "confirmed"), other__isnull=False)


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases."""

    def visible_to(self, actor: Actor) -> Self:
        """Give every release of the programmes in which the actor is staff; reporters see published ones.

        A release that was withdrawn after it was published stays visible to all who may have it.
        """
        if actor.is_system:
            return self
        staff = Q(component__programme__in=actor.programmes(*STAFF))
        reporter = Q(component__programme__in=actor.programmes(Role.REPORTER))
        return self.filter(staff | (reporter & self._was_published()))

    def released(self) -> Self:
        """Keep what has been shipped: published at some time, or shipped before the house knew of it."""
        return self.filter(Q(imported=True) | self._was_published())

    @staticmethod
    def _was_published() -> Q:
        from releases.models import Publication

        return Q(Exists(Publication.objects.filter(release=OuterRef("pk"))))


class InstallationQuerySet(models.QuerySet["Installation"]):
    """Installations."""

    def visible_to(self, actor: Actor) -> Self:
        """Give all of the programmes in which the actor is staff, and those of the reporter's own teams."""
        if actor.is_system:
            return self
        staff = Q(release__component__programme__in=actor.programmes(*STAFF))
        return self.filter(staff | Q(team__in=actor.teams(Role.REPORTER)))


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions."""

    def visible_to(self, actor: Actor) -> Self:
        """Give all of the programmes in which the actor is staff, and those of the reporter's own teams."""
        if actor.is_system:
            return self
        staff = Q(component__programme__in=actor.programmes(*STAFF))
        return self.filter(staff | Q(team__in=actor.teams(Role.REPORTER)))


class TermQuerySet(models.QuerySet["Term"]):
    """Words of the glossaries."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the words of the programmes in which the actor is staff."""
        if actor.is_system:
            return self
        return self.filter(programme__in=actor.programmes(*STAFF))


if TYPE_CHECKING:
    from releases.models import (  # noqa: F401 -- named in the bases
        Commit,
        Installation,
        Relation,
        Release,
        Repository,
        Subscription,
        Term,
    )
