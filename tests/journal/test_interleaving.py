"""Whatever the order in which real transactions begin, record and end: every committed entry is read exactly once,
and never before another that was committed when it was recorded."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.journal import positions, registry
from foundation.journal.running import run
from tests.journal.conftest import session
from tests.journal.things import note_in

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTIONS = 3
steps = st.tuples(
    st.integers(0, CONNECTIONS - 1),
    st.sampled_from(["number", "record", "record", "commit", "commit", "rollback", "read", "read"]),
)
_example = count()


@pytest.fixture
def sessions(transactional_db: None) -> Iterator[list[psycopg.Connection[Any]]]:
    """Connections of others; every example leaves each of them between two transactions."""
    with ExitStack() as stack:
        yield [stack.enter_context(session()) for _ in range(CONNECTIONS)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=8, max_size=40))
def test_every_committed_entry_is_read_once_and_after_what_it_could_know(
    sessions: list[psycopg.Connection[Any]], plan: list[tuple[int, str]]
) -> None:
    name, seen = f"test.interleaving{next(_example)}", list[int]()
    registry.consumer(name, start="now")(lambda entry: seen.append(entry.id))
    consumer = registry.named(name)
    run(consumer, below=positions.horizon())
    committed: list[int] = []
    known_to: dict[int, set[int]] = {}  # entry -> what was committed when it was recorded
    open_entries: list[list[int]] = [[] for _ in sessions]
    try:
        for which, step in plan:
            if step == "number":
                sessions[which].execute("SELECT pg_current_xact_id()")
            elif step == "record":
                entry = note_in(sessions[which])
                known_to[entry] = set(committed)
                open_entries[which].append(entry)
            elif step == "read":
                run(consumer, below=positions.horizon())
            else:
                getattr(sessions[which], step)()
                committed += open_entries[which] if step == "commit" else []
                open_entries[which] = []
    finally:
        for which, other in enumerate(sessions):
            other.commit()
            committed += open_entries[which]
    run(consumer, below=positions.horizon())
    assert not positions.waiting(positions.horizon())
    registry.unregister(name)
    assert sorted(seen) == sorted(committed)
    place = {entry: place for place, entry in enumerate(seen)}
    for entry in seen:
        assert all(place[known] < place[entry] for known in known_to[entry])
