"""From due to delivered: what is due is claimed in the table, sent outside of any transaction, and its end recorded."""

import random
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from rnd.notices.actions.disable_webhook import disable_webhook
from rnd.notices.keys import live_keys, signed_headers
from rnd.notices.models import Attempt, Delivery
from rnd.notices.retrying import wait_after
from rnd.notices.sending import Answer, send

# A claimed delivery whose worker died is due again after this, longer than any request takes.
LEASE: Final = timedelta(minutes=2)
AT_ONCE: Final = 100


@transaction.atomic
def claim_due() -> list[int]:
    """Claim deliveries that are due; of two callers at once each gets others."""
    now = clock.now()
    due = (
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(state=Delivery.State.DUE, next_attempt_at__lte=now)
        .order_by("next_attempt_at")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    claimed = list(due)
    Delivery.objects.filter(pk__in=claimed).update(next_attempt_at=now + LEASE)
    return claimed


def deliver(delivery_id: int) -> Answer | None:
    """Make one attempt at a delivery, and say what came of it; None where it is not due any more."""
    delivery = Delivery.objects.select_related("webhook").get(pk=delivery_id)
    if delivery.state != Delivery.State.DUE or delivery.webhook.disabled_at is not None:
        return None
    at = clock.now()
    headers = signed_headers(live_keys(delivery.webhook), message=delivery.message, at=at, body=delivery.body)
    answer = send(delivery.webhook.url, delivery.body, headers, private_hosts=settings.FIELDLOOP_WEBHOOK_PRIVATE_HOSTS)
    with transaction.atomic():
        _record(delivery, answer)
    return answer


def _record(delivery: Delivery, answer: Answer) -> None:
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=delivery.pk)
    now = clock.now()
    Attempt.objects.create(delivery=delivery, at=now, took_ms=answer.took_ms, status=answer.status, error=answer.error)
    delivery.attempts_made += 1
    # Spreads retries; nothing secret depends on it.
    wait = None if answer.is_gone else wait_after(delivery.attempts_made, chance=random.random())  # noqa: S311 -- spreads retries, keeps no secret
    if answer.is_taken:
        delivery.state, delivery.next_attempt_at = Delivery.State.DELIVERED, None
    elif wait is None:
        delivery.state, delivery.next_attempt_at = Delivery.State.FAILED, None
    else:
        delivery.next_attempt_at = now + wait
    delivery.save(update_fields=["attempts_made", "state", "next_attempt_at"])
    if delivery.state == Delivery.State.FAILED:
        reason = (
            _("The receiver answered 410: it wants no more.")
            if answer.is_gone
            else _("%(message)s failed %(count)d times over days.")
            % {"message": delivery.message, "count": delivery.attempts_made}
        )
        disable_webhook(actor=SYSTEM, webhook=delivery.webhook, reason=reason)
