"""What tests that ask thousands of requests share: nothing stays written, and refusals are not logged."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection, transaction


@contextmanager
def one_world() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Give what undoes all that is written inside: each time back to the same savepoint, which is never let go."""

    @contextmanager
    def restored() -> Iterator[None]:
        try:
            yield
        finally:
            connection.needs_rollback = False
            transaction.savepoint_rollback(place)

    with transaction.atomic():
        place = transaction.savepoint()
        yield restored


@contextmanager
def told_of_faults_only() -> Iterator[None]:
    """Log no refusal: pytest would write thousands of lines, and keep each with its request until the test's end."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
