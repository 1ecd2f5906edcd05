"""Reading the journal: in order, each entry once, nothing skipped."""

import pytest

from foundation.journal.consumers import drain
from tests.journal.conftest import Listen
from tests.journal.things import LAMP, RADIO, note

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_consumer_is_given_each_entry_once_and_in_order(listen: Listen) -> None:
    seen: list[int] = []
    listen("test.all")(lambda entry: seen.append(entry.id))
    written = [note(LAMP, str(number)).id for number in range(5)]
    drain()
    written.append(note(RADIO).id)
    drain()
    drain()
    assert seen == written
