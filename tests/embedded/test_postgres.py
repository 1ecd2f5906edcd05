"""The embedded PostgreSQL: where it runs, what it survives, what it refuses."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from foundation.embedded.environment import ROOT
from foundation.embedded.errors import SetupError
from foundation.embedded.postgres import EmbeddedPostgres
from tests.embedded.running import children, descendants, living, wait_for


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    # pytest's folders are closed to other accounts, as a home folder is.
    with EmbeddedPostgres(tmp_path_factory.mktemp("pg") / "home", durable=False) as running:
        yield running


def test_cyrillic_words_have_trigrams(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT show_trgm('зв’язок'), lower('ЇЖАК')").fetchone()
        connection.rollback()
    assert row is not None
    assert len(row[0]) > 5
    assert row[1] == "їжак"


def test_its_role_makes_databases_and_is_no_superuser(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False, True)


def test_without_its_password_nobody_comes_in(server: EmbeddedPostgres) -> None:
    for url in (server.url.replace(server.password, "guess"), server.url.replace(f":{server.password}", "")):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url)


def test_killed_it_starts_again_on_the_same_port_with_what_was_committed(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "pg") as server:
        url = server.url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        wait_for(lambda: started(server), 10)
        assert server.url == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def started(server: EmbeddedPostgres) -> bool:
    try:
        server.start()
    except SetupError:  # the killed one's sessions are still going
        return False
    return True


def test_a_folder_has_one_server(server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.embedded.server.OWNER_GOES_WITHIN", 0.1)
    with pytest.raises(SetupError, match="Another PostgreSQL is still running"):
        EmbeddedPostgres(server.home).open()


def test_a_leftover_of_a_killed_machine_is_no_obstacle(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "pg", durable=False) as first:
        leftover = (first.cluster / "postmaster.pid").read_text()
    lines = leftover.splitlines()
    lines[0] = "1"  # a process that lives, and is another one's
    (tmp_path / "pg/cluster/postmaster.pid").write_text("\n".join(lines))
    with EmbeddedPostgres(tmp_path / "pg", durable=False) as second, psycopg.connect(second.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    (tmp_path / "pg/cluster/global/pg_control").write_bytes(b"")
    with pytest.raises(SetupError, match=r"does not start: .*pg_control.*Restore the folder"):
        EmbeddedPostgres(tmp_path / "pg", durable=False).__enter__()


def test_data_of_another_version_is_refused(tmp_path: Path) -> None:
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(SetupError, match="written by PostgreSQL 9, but installed is: "):
        EmbeddedPostgres(tmp_path).__enter__()


def test_it_does_not_outlive_a_killed_owner(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys, time\n"
        "from foundation.embedded.postgres import EmbeddedPostgres\n"
        "with EmbeddedPostgres(pathlib.Path(sys.argv[1]), durable=False):\n"
        "    print('up', flush=True); time.sleep(60)\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "pg")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    with owner.stdout:
        assert owner.stdout.readline() == "up\n"
    assert children(owner.pid)
    family = descendants(owner.pid)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    wait_for(lambda: not living(family), 10)
