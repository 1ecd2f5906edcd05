"""What of this room is visible to whom, and the filters that pages and actions share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from releases.policies import STAFF

if TYPE_CHECKING:
    from datetime import datetime

    from foundation.accounts.actors import Actor


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    """Artifacts."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the artifacts of the releases that the actor may see."""
        from releases.models import Release

        return self if actor.is_system else self.filter(release__in=Release.objects.visible_to(actor))

    def current(self) -> Self:
        """Leave out what was taken off its release again."""
        return self.filter(removed_at=None)


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads that are under way."""

    def visible_to(self, actor: Actor) -> Self:
        """Give one's own, where one is still staff: nobody carries on what somebody else began."""
        if actor.is_system:
            return self
        return self.filter(created_by=actor.user_id, release__component__programme__in=actor.programmes(*STAFF))


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    """Public keys."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the keys of the programmes in which the actor is staff."""
        return self if actor.is_system else self.filter(component__programme__in=actor.programmes(*STAFF))

    def active(self, at: datetime) -> Self:
        """Keep what counts at that moment: confirmed, valid, not revoked."""
        valid = Q(valid_from__lte=at) & (Q(valid_until=None) | Q(valid_until__gt=at))
        return self.filter(valid, confirmed_at__isnull=False, revoked_at=None)


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Signatures."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the signatures of the releases that the actor may see."""
        from releases.models import Release

        return self if actor.is_system else self.filter(manifest__release__in=Release.objects.visible_to(actor))


class CompatibilityQuerySet(models.QuerySet["Compatibility"]):
    """Statements about artifacts on hardware."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the statements about the artifacts that the actor may see."""
        from releases.models import Release

        return self if actor.is_system else self.filter(artifact__release__in=Release.objects.visible_to(actor))

    def current(self) -> Self:
        """Leave out what was replaced by a later statement."""
        return self.filter(replaced_at=None, artifact__removed_at=None)


if TYPE_CHECKING:
    from releases.artifacts.models import (  # noqa: F401 -- named in the bases
        Artifact,
        Compatibility,
        Signature,
        SigningKey,
        Upload,
    )
