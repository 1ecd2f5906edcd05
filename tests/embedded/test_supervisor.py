"""A real house: what happens when it is started, asked, hit, stopped and started again."""

import http.client
import os
import signal
from collections.abc import Iterator

import psycopg
import pytest
import redis

from tests.embedded.running import RunningHouse, command_of, descendants, living, run_to_its_end, wait_for


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    running = RunningHouse(tmp_path_factory.mktemp("house") / "data")
    yield running
    running.end(signal.SIGTERM)


def ready(house: RunningHouse) -> bool:
    try:
        return house.get("/readyz").status == 200
    except (OSError, http.client.HTTPException):
        return False


def test_it_says_where_it_is_and_is_ready(house: RunningHouse) -> None:
    assert f"Fieldloop is at http://localhost:{house.port}/" in house.said.read_text()
    assert house.get("/livez").text == "ok\n"
    assert house.get("/readyz").text == "database: ok\nmigrations: ok\ncache: ok\nbroker: ok\n"
    assert 'fieldloop_up{service="database"} 1' in house.get("/metrics").text


def test_every_line_of_a_log_tells_its_moment_and_its_process(house: RunningHouse) -> None:
    for log in (house.data / "logs").glob("*.log"):
        for line in log.read_text().splitlines():
            moment, name = line.split()[:2]
            assert moment.endswith("Z"), line
            assert name == log.stem, line


def test_what_it_keeps_is_closed_to_other_accounts(house: RunningHouse) -> None:
    assert house.data.stat().st_mode & 0o077 == 0
    for name in ("secret_key", "environment", "postgres/password", "valkey/password"):
        assert (house.data / name).stat().st_mode & 0o077 == 0


def test_no_password_is_among_the_arguments_of_a_process(house: RunningHouse) -> None:
    secrets = [(house.data / name / "password").read_text().strip() for name in ("postgres", "valkey")]
    for pid in descendants(house.process.pid):
        assert not any(secret in command_of(pid) for secret in secrets)


def test_a_second_one_on_the_same_folder_is_refused(house: RunningHouse) -> None:
    refused = run_to_its_end(house.data)
    assert refused.returncode == 1
    assert f"already runs on {house.data} (process {house.process.pid})" in refused.stderr
    assert ready(house)


@pytest.mark.parametrize("name", ["postgres", "valkey", "web", "worker", "git", "beat"])
def test_what_is_killed_is_back_within_seconds(house: RunningHouse, name: str) -> None:
    killed = house.pid_of(name)
    os.kill(killed, signal.SIGKILL)

    def is_back() -> bool:
        try:
            return house.pid_of(name) != killed and ready(house)
        except LookupError:
            return False

    wait_for(is_back, 60)  # seconds on an idle machine; the tests run beside others


def test_nothing_acknowledged_is_lost_when_everything_is_killed_at_once(house: RunningHouse) -> None:
    variables = house.variables()
    with psycopg.connect(variables["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (what text)")
        connection.execute("INSERT INTO kept VALUES ('row')")
    with redis.Redis.from_url(variables["BROKER_URL"]) as broker:
        broker.lpush("kept", "message")
    killed = [house.pid_of(name) for name in ("postgres", "valkey", "web", "worker", "git", "beat")]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not living(killed) and ready(house), 90)
    with psycopg.connect(variables["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT what FROM kept").fetchall() == [("row",)]
    with redis.Redis.from_url(variables["BROKER_URL"]) as broker:
        assert broker.lrange("kept", 0, -1) == [b"message"]


def test_it_stops_in_order_and_starts_again_with_its_data(house: RunningHouse) -> None:
    url = house.variables()["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE remembered AS SELECT 1 AS number")
    assert house.end(signal.SIGINT) == []
    assert house.process.returncode == 0
    assert not (house.data / "environment").exists()
    again = RunningHouse(house.data)
    try:
        assert "migrations applied" not in again.said.read_text()
        with psycopg.connect(again.variables()["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT number FROM remembered").fetchall() == [(1,)]
    finally:
        left = again.end(signal.SIGKILL)
    assert left == []
