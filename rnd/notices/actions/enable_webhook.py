"""Send to a webhook again."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from rnd.notices.kinds import WebhookEnabled
from rnd.notices.locking import locked_webhook
from rnd.notices.models import Delivery, Webhook


@transaction.atomic
def enable_webhook(*, actor: Actor, webhook: Webhook) -> Webhook:
    """Turn a webhook on; what waited meanwhile is due now."""
    webhook = locked_webhook(webhook)
    actor.require("webhook.change", programme_id=webhook.programme_id)
    if webhook.disabled_at is None:
        return webhook
    webhook.disabled_at, webhook.disabled_reason = None, ""
    webhook.save(update_fields=["disabled_at", "disabled_reason"])
    webhook.deliveries.filter(state=Delivery.State.DUE).update(next_attempt_at=clock.now())
    record(WebhookEnabled(), subject=webhook, actor=actor)
    return webhook
