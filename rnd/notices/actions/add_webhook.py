"""Tell another system what happens in a programme."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from rnd.notices.keys import make_key
from rnd.notices.kinds import WebhookAdded
from rnd.notices.models import Webhook
from rnd.notices.validation import check_kinds, check_url


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook with its key in plain, which nobody can ever read again."""

    webhook: Webhook
    key: str


@transaction.atomic
def add_webhook(*, actor: Actor, programme: Programme, name: str, url: str, kinds: Iterable[str]) -> NewWebhook:
    """Add a webhook that is told entries of `kinds` in this programme, from now on.

    Raises Invalid `webhook.name_missing`, `webhook.url_wrong`, `webhook.url_private`, `webhook.kinds_wrong`.
    """
    actor.require("webhook.add", programme_id=programme.pk)
    if not name.strip():
        raise Invalid("webhook.name_missing", _("Give the webhook a name that says who listens."), field="name")
    webhook = Webhook.objects.create(
        programme=programme,
        name=name.strip()[:120],
        url=check_url(url),
        kinds=check_kinds(kinds),
        added_by_id=actor.user_id,
        added_at=clock.now(),
    )
    key = make_key(webhook)
    record(WebhookAdded(name=webhook.name, url=webhook.url, kinds=webhook.kinds), subject=webhook, actor=actor)
    return NewWebhook(webhook, key)
