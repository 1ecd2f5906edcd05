"""What the beat wakes in this room."""

from celery import shared_task

from releases.artifacts.actions.forget_uploads import forget_uploads


@shared_task(name="artifacts.forget_uploads")
def forget_uploads_task() -> None:
    """Every few hours: remove uploads that were left behind."""
    forget_uploads()
