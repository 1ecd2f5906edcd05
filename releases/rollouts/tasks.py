"""What workers run for this room: steps that are due, and mails. Lost or doubled messages do no harm."""

import logging

from celery import shared_task

from foundation.kit.errors import DomainError
from releases.rollouts.actions.step_rollout import step_rollout
from releases.rollouts.mailing import mail_due
from releases.rollouts.models import Rollout

logger = logging.getLogger(__name__)


@shared_task(name="rollouts.step")
def step() -> None:
    """Let every running rollout do what is due."""
    for rollout in Rollout.objects.filter(state=Rollout.State.RUNNING).order_by("pk"):
        try:
            step_rollout(rollout=rollout)
        except DomainError:
            logger.exception("Rollout %s could not go on", rollout.pk)


@shared_task(name="rollouts.mail")
def mail() -> None:
    """Mail those who have to hear of a paused rollout."""
    mail_due()
