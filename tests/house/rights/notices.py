"""Who may do what with webhooks; notices are everybody's own."""

from __future__ import annotations

from foundation.kit import clock
from rnd.notices.keys import make_key
from rnd.notices.models import Webhook
from tests.cast import Cast
from tests.house.rights import EVERYONE, Role, Row

KEEPERS = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
OTHERS = EVERYONE - KEEPERS


def pk(cast: Cast) -> dict[str, object]:
    """A webhook to a host that no test asks."""
    webhook = Webhook.objects.create(
        programme=cast.programme,
        name="Workshop",
        url="https://example.org/",
        kinds=["ticket.received"],
        added_by=cast.kari,
        added_at=clock.now(),
    )
    make_key(webhook)
    return {"pk": webhook.pk}


def with_delivery(cast: Cast) -> dict[str, object]:
    delivery = Webhook.objects.get(**pk(cast)).deliveries.create(
        message="msg_1", kind="ticket.received", body="{}", made_at=clock.now()
    )
    return {"pk": delivery.webhook_id, "delivery_pk": delivery.pk}


ROWS = [
    Row("notices:webhook_list", may=KEEPERS, foreign=0),
    Row("notices:webhook_add", may=KEEPERS, foreign=0),
    Row("notices:webhook_add", "POST", may=KEEPERS, foreign=0),
    Row("notices:webhook", kwargs=pk, may=KEEPERS, hidden_from=OTHERS),
    Row("notices:webhook", "POST", kwargs=pk, may=KEEPERS, hidden_from=OTHERS),
    Row("notices:webhook_rotate", "POST", kwargs=pk, may=KEEPERS, hidden_from=OTHERS),
    Row(
        "notices:webhook_disable",
        "POST",
        kwargs=pk,
        may=KEEPERS,
        hidden_from=OTHERS,
        data=lambda _: {"reason": "Moves house"},
    ),
    Row("notices:webhook_enable", "POST", kwargs=pk, may=KEEPERS, hidden_from=OTHERS),
    Row("notices:webhook_trial", "POST", kwargs=pk, may=KEEPERS, hidden_from=OTHERS),
    Row("notices:delivery_resend", "POST", kwargs=with_delivery, may=KEEPERS, hidden_from=OTHERS),
    Row("notices:notice_list", may=EVERYONE),
    Row("notices:notices_read", "POST", may=EVERYONE),
]
