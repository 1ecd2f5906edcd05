"""The embedded Valkey: what it keeps, and whom it lets in."""

from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from foundation.embedded.errors import SetupError
from foundation.embedded.valkey import EmbeddedValkey


def test_an_acknowledged_write_survives_being_killed(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server, redis.Redis.from_url(server.url) as client:
        client.lpush("tasks", "one")
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.start()
        assert client.lrange("tasks", 0, -1) == [b"one"]


def test_without_its_password_nobody_comes_in(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey", durable=False) as server, pytest.raises(redis.AuthenticationError):
        redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)).get("anything")


def test_a_damaged_file_is_told_with_its_remedy(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey"):
        pass
    for file in (tmp_path / "valkey/files/appendonlydir").glob("*.incr.aof"):
        file.write_text("not what it was\n")
    with pytest.raises(SetupError, match=r"Bad file format.*Restore the folder from a backup"):
        EmbeddedValkey(tmp_path / "valkey").__enter__()
