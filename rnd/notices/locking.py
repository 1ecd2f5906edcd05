"""How actions take hold of a webhook."""

from rnd.notices.models import Webhook


def locked_webhook(webhook: Webhook) -> Webhook:
    """Give the webhook read afresh and locked until the transaction ends."""
    return Webhook.objects.select_for_update().get(pk=webhook.pk)
