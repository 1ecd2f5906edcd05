"""What workers run for this room. Lost or doubled messages do no harm: what is due stands in the table."""

import logging
from datetime import timedelta

from celery import shared_task

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from foundation.kit.errors import DomainError
from releases.actions.fetch_repository import fetch_repository
from releases.actions.take_in_bundle import take_in_bundle
from releases.models import BUNDLE_ADDRESS, HistoryBundle, Repository

logger = logging.getLogger(__name__)
# A repository that was handed to a worker is handed out again after this, should the message have been lost.
LEASE = timedelta(minutes=5)


@shared_task(name="releases.poll_repositories")
def poll_repositories() -> None:
    """Hand every due repository, and every bundle that waits, to a worker."""
    for repository_id in _claim_due():
        fetch.delay(repository_id)
    for bundle_id in HistoryBundle.objects.filter(state=HistoryBundle.State.WAITING).values_list("pk", flat=True):
        take_in.delay(bundle_id)


@shared_task(name="releases.fetch")
def fetch(repository_id: int) -> None:
    """Fetch one repository; what fails is on its row already."""
    try:
        fetch_repository(actor=SYSTEM, repository=Repository.objects.select_related("component").get(pk=repository_id))
    except DomainError as error:
        logger.info("Repository %s was not fetched: %s", repository_id, error)


@shared_task(name="releases.take_in_bundle")
def take_in(bundle_id: int) -> None:
    """Take one bundle in; what is wrong with it is on its row already."""
    try:
        take_in_bundle(actor=SYSTEM, bundle=HistoryBundle.objects.get(pk=bundle_id))
    except DomainError as error:
        logger.info("Bundle %s was not taken in: %s", bundle_id, error)


def _claim_due() -> list[int]:
    now = clock.now()
    asked = Repository.objects.exclude(url__startswith=BUNDLE_ADDRESS)
    due = asked.filter(next_fetch_at__lte=now).order_by("next_fetch_at").values_list("pk", flat=True)
    # Claimed one by one, by compare-and-set: of two polls at once, only one hands a repository out.
    return [
        pk for pk in due if Repository.objects.filter(pk=pk, next_fetch_at__lte=now).update(next_fetch_at=now + LEASE)
    ]
