"""Lets the tests' flush empty the journal, whose triggers refuse that to everybody else."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    """Only the flush between two tests passes: a TRUNCATE by any other way is refused in tests too."""
    flush = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, sql_list: Any) -> None:
        with pgtrigger.ignore("journal.Entry:append_only_truncate", "journal.Seal:append_only_truncate"):
            # knox keeps a table of tokens that no model of ours names, with a foreign key to the users.
            flush(self, [sql.removesuffix(";") + " CASCADE;" for sql in sql_list])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield
