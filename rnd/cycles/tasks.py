"""What workers run for this room."""

from celery import shared_task

from rnd.cycles import digest, kept
from rnd.cycles.actions import foresee_breaches as verb
from rnd.cycles.actions import refresh_rollups
from rnd.cycles.rebuilding import filling


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
    """Fill in what reports of work still read from the journal; put those together anew that are not fresh any more.

    What an update of Fieldloop left stale is computed even where no entry comes.
    """
    filling.fill_in()
    refresh_rollups()
    kept.keep_fresh()
