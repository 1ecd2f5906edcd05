"""What the beat wakes in the kit."""

from celery import shared_task

from foundation.kit.actions.forget_idempotent_requests import forget_idempotent_requests


@shared_task(name="kit.forget_idempotent_requests")
def forget_idempotent_requests_task() -> None:
    """Once a day: drop stored answers that nobody will ask for again."""
    forget_idempotent_requests()
