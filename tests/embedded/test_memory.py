"""How much memory there is for everything that runs here, and that the database takes its share of it."""

from pathlib import Path

import psycopg
import pytest

from foundation.embedded import memory
from foundation.embedded.postgres import EmbeddedPostgres


def test_a_containers_limit_counts_where_it_is_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "LIMIT", limit)
    whole = memory.memory_of_machine()
    assert whole > 2**26
    for told, expected in (("max\n", whole), (f"{2**25}\n", 2**25), (f"{2 * whole}\n", whole)):
        limit.write_text(told)
        assert memory.memory_of_machine() == expected


@pytest.mark.parametrize(("has", "holds"), [(2**29, "128MB"), (4 * 2**30, "512MB"), (2**40, "2GB")])
def test_the_database_holds_an_eighth_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has: int, holds: str
) -> None:
    monkeypatch.setattr("foundation.embedded.postgres.memory_of_machine", lambda: has)
    with EmbeddedPostgres(tmp_path / "pg") as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SHOW shared_buffers").fetchone() == (holds,)
