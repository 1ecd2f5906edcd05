"""Whose webhooks and notices one sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from rnd.notices.policies import KEEPERS

if TYPE_CHECKING:
    from foundation.accounts.actors import Actor
    from rnd.notices.models import Notice, Webhook  # noqa: F401  for the type variables


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks."""

    def visible_to(self, actor: Actor) -> WebhookQuerySet:
        """Those of the programmes whose webhooks the actor keeps."""
        return self if actor.is_system else self.filter(programme__in=actor.programmes(*KEEPERS))


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        """One's own."""
        return self.filter(user=actor.user_id)
