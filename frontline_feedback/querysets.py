"""The reusable filters of tickets."""

from __future__ import annotations

from typing import Final, Self, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role
from frontline_feedback.keys import pk_of
from frontline_feedback.policies import STAFF

M = TypeVar("M", bound=models.Model)

# Every word as written, without a language: reports are Ukrainian, English and Norwegian, often mixed.
WORDS: Final = SearchVector("title", "body", "conditions", "version_text", config="simple")


def _sight(actor: Actor, prefix: str = "") -> Q:
    """Give the condition under which `actor` sees a ticket that is reached through `prefix`."""
    sight = Q(**{f"{prefix}programme_id__in": actor.programmes(*STAFF)})
    if teams := actor.teams(Role.REPORTER):
        sight |= Q(**{f"{prefix}team_id__in": teams})
    return sight


class TicketQuerySet(models.QuerySet[M]):
    """Tickets, by who may see them, where they stand and what they say."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what `actor` may see: every ticket of the programmes for staff, the own team's for reporters."""
        if actor.is_system:
            return self
        if not actor.has_scope("feedback:read"):
            return self.none()
        return self.filter(_sight(actor))

    def received(self) -> Self:
        """Keep the triage inbox: what nobody has decided on yet."""
        return self.filter(state="received")

    def open(self) -> Self:
        """Keep what is not closed."""
        return self.exclude(state="closed")

    def closed(self) -> Self:
        """Keep what is closed, with whatever outcome."""
        return self.filter(state="closed")

    def matching(self, text: str) -> Self:
        """Keep the tickets that a searcher means by `text`: a key, whole words anywhere, or a similar word.

        Similar words (trigrams) find inflected Ukrainian, for which PostgreSQL has no dictionary.
        """
        text = " ".join(text.replace("\0", " ").split())
        if not text:
            return self
        pk = int(text) if text.isascii() and text.isdigit() else pk_of(text)
        found = (
            Q(words=SearchQuery(text, config="simple", search_type="websearch"))
            | Q(title__trigram_word_similar=text)
            | Q(body__trigram_word_similar=text)
        )
        if pk is not None and pk < 2**63:
            found |= Q(pk=pk)
        return self.alias(words=WORDS).filter(found)


class AttachmentQuerySet(models.QuerySet[M]):
    """Attachments, by who may see their ticket."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the attachments of the tickets that `actor` may see."""
        if actor.is_system:
            return self
        if not actor.has_scope("feedback:read"):
            return self.none()
        return self.filter(_sight(actor, "ticket__"))
