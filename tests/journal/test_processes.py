"""Real processes on a real database: killed in the middle of their work, and fighting for one cursor."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal import record, registry
from foundation.journal.consumers import drain
from foundation.journal.models import Parked
from tests.journal.effects import NAME, Nursery, declare, effects, effects_table, processes_that_worked, until
from tests.journal.things import LAMP, RADIO, ThingNoted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _effects(transactional_db: None) -> Iterator[None]:
    with effects_table():
        yield


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


def notes(count: int) -> list[int]:
    with transaction.atomic():
        return [record(ThingNoted(), subject=(LAMP, RADIO)[n % 2], actor=SYSTEM).id for n in range(count)]


@pytest.mark.parametrize("mode", ["single", "batch", "repeatable"])
def test_killing_a_consumer_in_the_middle_loses_nothing_and_does_nothing_twice(nursery: Nursery, mode: str) -> None:
    written = notes(150)
    for done in (1, 30, 60):
        with nursery.process(mode, 0.005):
            until(done)
    assert effects() == written[: len(effects())] != written, "it was killed before the end, and nothing is doubled"
    declare(mode, 0)
    try:
        drain()
    finally:
        registry.unregister(NAME)
    assert effects() == written
    assert not Parked.objects.exists()


def test_two_processes_that_want_one_cursor_do_each_entry_once_and_in_order(nursery: Nursery) -> None:
    written = notes(100)
    with nursery.process("single", 0.002), nursery.process("single", 0.002):
        for _ in range(5):
            until(len(written))
            written += notes(40)
        until(len(written))
    assert effects() == written
    assert processes_that_worked() >= 1
