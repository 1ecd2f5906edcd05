"""Send a webhook a message that tells of nothing, to see whether it arrives."""

import json
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.errors import Conflict
from rnd.notices.locking import locked_webhook
from rnd.notices.models import Delivery, Webhook


@transaction.atomic
def send_trial(*, actor: Actor, webhook: Webhook) -> Delivery:
    """Make a trial message due now. Raises Conflict `webhook.disabled`."""
    webhook = locked_webhook(webhook)
    actor.require("webhook.resend", programme_id=webhook.programme_id)
    if webhook.disabled_at is not None:
        raise Conflict("webhook.disabled", _("%(name)s is turned off. Turn it on first.") % {"name": webhook.name})
    now = clock.now()
    body = {"type": "webhook.trial", "timestamp": now.isoformat(), "data": {}}
    return Delivery.objects.create(
        webhook=webhook,
        message=f"msg_trial_{uuid4().hex}",
        kind="webhook.trial",
        body=json.dumps(body),
        made_at=now,
        next_attempt_at=now,
    )
