"""Make a new key for a webhook."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from rnd.notices.keys import make_key
from rnd.notices.kinds import WebhookKeyRotated
from rnd.notices.locking import locked_webhook
from rnd.notices.models import Webhook


@transaction.atomic
def rotate_key(*, actor: Actor, webhook: Webhook) -> str:
    """Give a new key in plain, shown only this once; for two days messages carry a signature of the old one too."""
    webhook = locked_webhook(webhook)
    actor.require("webhook.change", programme_id=webhook.programme_id)
    key = make_key(webhook)
    record(WebhookKeyRotated(), subject=webhook, actor=actor)
    return key
