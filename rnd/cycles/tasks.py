"""What workers run for this room."""

from celery import shared_task

from rnd.cycles import digest, kept
from rnd.cycles.actions import foresee_breaches as verb


@shared_task(name="cycles.send_digests")
def send_digests() -> None:
    """Send the digests that are due; who has had this week's gets no other."""
    digest.send_due()


@shared_task(name="cycles.foresee_breaches")
def foresee_breaches() -> None:
    """Tell whoever is named of tickets that are about to miss their service level."""
    verb()


@shared_task(name="cycles.keep_reports")
def keep_reports() -> None:
    """Put the reports together anew that are kept and not fresh any more."""
    kept.keep_fresh()
