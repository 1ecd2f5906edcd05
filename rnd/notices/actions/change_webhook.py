"""Change what a webhook is told, and where."""

from collections.abc import Iterable

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from rnd.notices.kinds import WebhookChanged
from rnd.notices.locking import locked_webhook
from rnd.notices.models import Webhook
from rnd.notices.validation import check_kinds, check_url


@transaction.atomic
def change_webhook(*, actor: Actor, webhook: Webhook, name: str, url: str, kinds: Iterable[str]) -> Webhook:
    """Change a webhook; what is on its way already goes to the new address. Raises Invalid as `add_webhook` does."""
    webhook = locked_webhook(webhook)
    actor.require("webhook.change", programme_id=webhook.programme_id)
    webhook.name = name.strip()[:120] or webhook.name
    webhook.url = check_url(url)
    webhook.kinds = check_kinds(kinds)
    webhook.save(update_fields=["name", "url", "kinds"])
    record(WebhookChanged(name=webhook.name, url=webhook.url, kinds=webhook.kinds), subject=webhook, actor=actor)
    return webhook
