"""Empties the database between two tests that commit: only the tables that hold anything, past every guard.

Django's own way truncates each of some hundred tables, and then fills content types and permissions in anew: a
second for each test, most of what the whole suite took. It closes the connection as well; to learn the hundred tables
in a new one takes longer than most tests, so that it is kept, with nothing left of what the test set or locked.
"""

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.core.management.commands import flush
from django.db import connections
from django.test import TransactionTestCase

from tests.snapshot import KEPT

# Foreign keys are looked at when it commits, and then there is nothing left that could point anywhere.
EMPTY = """
DO $$
DECLARE
    found regclass;
    filled boolean;
BEGIN
    FOR found IN
        SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT relname = ANY(%s)
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %%s)', found) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM %%s', found);
        END IF;
    END LOOP;
END
$$
"""
BEGIN_AGAIN = """
SELECT setval(oid::regclass, 1, false) FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE ALL (
    SELECT kept || '_id%%' FROM unnest(%s::text[]) AS kept
)
"""
# Only outside of a transaction; Django's time zone is set anew where it is not the server's.
BE_AS_NEW = "SELECT pg_advisory_unlock_all()", "RESET ALL"


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    """Only the flush between two tests passes: a DELETE or TRUNCATE by any other way is refused in tests too."""

    def handle(_command: flush.Command, *, database: str, reset_sequences: bool = True, **_options: Any) -> None:
        kept = list(KEPT)
        with connections[database].cursor() as cursor:
            with pgtrigger.ignore("journal.Entry:append_only", "journal.Seal:append_only"):
                cursor.execute(EMPTY, [kept])
            if reset_sequences:
                cursor.execute(BEGIN_AGAIN, [kept])
            for statement in BE_AS_NEW:
                cursor.execute(statement)
        connections[database].ensure_timezone()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", handle)
        patch.setattr(TransactionTestCase, "_should_reload_connections", lambda _test: False)
        yield
