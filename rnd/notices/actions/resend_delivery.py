"""Send one message again."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict
from rnd.notices.kinds import DeliveryResent
from rnd.notices.locking import locked_webhook
from rnd.notices.models import Delivery


@transaction.atomic
def resend_delivery(*, actor: Actor, delivery: Delivery) -> Delivery:
    """Make a delivery due now, whatever became of it before: the same message, so the receiver can tell.

    Raises Conflict `webhook.disabled`.
    """
    webhook = locked_webhook(delivery.webhook)
    actor.require("webhook.resend", programme_id=webhook.programme_id)
    if webhook.disabled_at is not None:
        raise Conflict("webhook.disabled", _("%(name)s is turned off. Turn it on first.") % {"name": webhook.name})
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    delivery.state, delivery.next_attempt_at, delivery.attempts_made = Delivery.State.DUE, clock.now(), 0
    delivery.save(update_fields=["state", "next_attempt_at", "attempts_made"])
    record(DeliveryResent(message=delivery.message), subject=webhook, actor=actor)
    return delivery
