"""Send nothing to a webhook any more."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from rnd.notices.kinds import WebhookDisabled
from rnd.notices.locking import locked_webhook
from rnd.notices.models import Webhook


@transaction.atomic
def disable_webhook(*, actor: Actor, webhook: Webhook, reason: str) -> Webhook:
    """Turn a webhook off with a reason; what was on its way waits until it is turned on again."""
    webhook = locked_webhook(webhook)
    actor.require("webhook.change", programme_id=webhook.programme_id)
    if webhook.disabled_at is not None:
        return webhook
    if not reason.strip():
        raise Invalid("webhook.reason_missing", _("Say why the webhook is turned off."), field="reason")
    webhook.disabled_at = clock.now()
    webhook.disabled_reason = reason.strip()[:300]
    webhook.save(update_fields=["disabled_at", "disabled_reason"])
    record(WebhookDisabled(reason=webhook.disabled_reason), subject=webhook, actor=actor)
    return webhook
