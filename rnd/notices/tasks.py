"""What workers run for this room. Lost or doubled messages do no harm: what is due stands in the table."""

from celery import shared_task

from rnd.notices import delivering


@shared_task(name="notices.send_due")
def send_due() -> None:
    """Hand every delivery that is due to a worker."""
    for delivery_id in delivering.claim_due():
        send.delay(delivery_id)


@shared_task(name="notices.send")
def send(delivery_id: int) -> None:
    """Make one attempt; what came of it is on its row."""
    delivering.deliver(delivery_id)
