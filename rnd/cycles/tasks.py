"""What workers run for this room."""

from celery import shared_task

from rnd.cycles import digest


@shared_task(name="cycles.send_digests")
def send_digests() -> None:
    """Send the digests that are due; who has had this week's gets no other."""
    digest.send_due()
