"""What the pages of webhooks and notices read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.journal.models import Entry
from foundation.kit.errors import NotFound
from rnd.notices.models import Attempt, Delivery, Notice, Webhook
from rnd.notices.policies import KEEPERS


def webhooks(actor: Actor) -> QuerySet[Webhook]:
    """Give the webhooks one keeps, with `due`, `failed` (counts) and `last_at` of their deliveries."""
    state = Delivery.State
    return (
        Webhook.objects.visible_to(actor)
        .select_related("programme")
        .annotate(
            due=Count("deliveries", filter=Q(deliveries__state=state.DUE)),
            failed=Count("deliveries", filter=Q(deliveries__state=state.FAILED)),
            last_at=Max("deliveries__made_at"),
        )
    )


def webhook_by_id(actor: Actor, pk: int) -> Webhook:
    """Give one webhook; raises NotFound for one that the actor does not keep."""
    found = Webhook.objects.visible_to(actor).select_related("programme", "added_by").filter(pk=pk).first()
    if found is None:
        raise NotFound("webhook.not_found", _("There is no webhook %(number)s that you keep.") % {"number": pk})
    return found


def programmes_to_keep(actor: Actor) -> QuerySet[Programme]:
    """Give the programmes in which the actor may add a webhook."""
    return Programme.objects.filter(pk__in=actor.programmes(*KEEPERS))


def deliveries(webhook: Webhook, *, state: str = "") -> QuerySet[Delivery]:
    """Give what was sent, the newest first, each with its attempts in order."""
    found = webhook.deliveries.order_by("-pk")
    if state in Delivery.State.values:
        found = found.filter(state=state)
    return found.prefetch_related(Prefetch("attempts", Attempt.objects.order_by("pk")))


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """A notice with the journal's own sentence for it, in the reader's language."""

    notice: Notice
    sentence: str
    by: str


def notices(actor: Actor) -> QuerySet[Notice]:
    """Give one's notices, the newest first."""
    return Notice.objects.visible_to(actor).order_by("-pk")


def with_sentences(notices: Sequence[Notice]) -> list[ReadNotice]:
    """Give the notices with their sentences; one query."""
    entries = Entry.objects.in_bulk([notice.entry_id for notice in notices])
    return [
        ReadNotice(notice, entries[notice.entry_id].payload.sentence(), entries[notice.entry_id].actor_name)
        for notice in notices
        if notice.entry_id in entries
    ]


def unread_count(actor: Actor) -> int:
    """Give how many notices the actor has not opened."""
    return Notice.objects.visible_to(actor).filter(read_at=None).count()
