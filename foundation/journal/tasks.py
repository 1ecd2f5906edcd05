"""What Celery may start here."""

from celery import shared_task


@shared_task(name="journal.run_consumers", ignore_result=True)
def run_consumers() -> None:
    """Let every consumer read what is new; sent on commit and by the sweep."""
