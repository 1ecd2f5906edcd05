"""With DATABASE_URL, BROKER_URL and CACHE_URL the same processes use the operator's servers."""

import signal
from pathlib import Path

from foundation.embedded.postgres import EmbeddedPostgres
from foundation.embedded.valkey import EmbeddedValkey
from tests.embedded.running import RunningHouse, children, command_of
from tests.migrated import Migrated


def test_nothing_embedded_is_started_for_what_the_operator_gives(tmp_path: Path, migrated: Migrated) -> None:
    migrated.copy_to(tmp_path / "database")
    with (
        EmbeddedPostgres(tmp_path / "database", durable=False) as database,
        EmbeddedValkey(tmp_path / "broker", durable=False) as broker,
    ):
        given = {"DATABASE_URL": database.url, "BROKER_URL": broker.url_of(0), "CACHE_URL": broker.url_of(1)}
        house = RunningHouse(tmp_path / "data", **given)
        try:
            assert house.get("/readyz").status == 200
            commands = " ".join(command_of(pid) for pid in children(house.process.pid))
            assert "postgres" not in commands
            assert "valkey" not in commands
            assert "gunicorn" in commands
            assert not (house.data / "postgres").exists()
            assert house.get("/metrics").status == 401
        finally:
            assert house.end(signal.SIGTERM) == []
    assert house.process.returncode == 0
