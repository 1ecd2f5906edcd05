"""What the tests of notices share: a receiver, and a webhook that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from foundation.kit import clock
from frontline_feedback.actions import report_ticket
from frontline_feedback.models import Ticket
from rnd.notices.actions.add_webhook import NewWebhook, add_webhook
from tests.cast import Cast
from tests.notices.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.FIELDLOOP_WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as found:
        yield found


@pytest.fixture
def made(cast: Cast, receiver: Receiver) -> NewWebhook:
    """A webhook of programme Sokil that hears of reports and rejections."""
    return add_webhook(
        actor=cast.actor("kari"),
        programme=cast.programme,
        name="Workshop",
        url=receiver.url,
        kinds=["ticket.received", "ticket.rejected"],
    )


@pytest.fixture
def report(cast: Cast) -> Callable[[], Ticket]:
    def report() -> Ticket:
        return report_ticket(
            actor=cast.actor("olena"),
            team=cast.north,
            title="Link drops in the cold",
            platform=cast.platform,
            component=cast.radio,
            severity="S2",
            seen_at=clock.now(),
        )

    return report
