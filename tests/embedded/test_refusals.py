"""What keeps the house from starting is told in one line, with exit code 1 and without a traceback."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.embedded.running import run_to_its_end


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Give the one line, after a look at its form."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("fieldloop: ")
    return lines[0]


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal(run_to_its_end(tmp_path / "data", PORT=str(port)))
    assert line == f"fieldloop: Port {port} is taken by another program; choose another: PORT={port + 1} make run."


@pytest.mark.parametrize("port", ["eighty", "0", "65536"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    line = refusal(run_to_its_end(tmp_path / "data", PORT=port))
    assert line == f"fieldloop: PORT must be a number from 1 to 65535, not '{port}'."


def test_a_missing_git(tmp_path: Path) -> None:
    line = refusal(run_to_its_end(tmp_path / "data", PATH=str(tmp_path)))
    assert line == "fieldloop: The program git is missing; install Debian's package git."


def test_a_data_folder_that_cannot_be_made() -> None:
    line = refusal(run_to_its_end(Path("/proc/fieldloop")))
    assert line.startswith("fieldloop: Cannot create the folder /proc/fieldloop")


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("something else")
    assert "a file is in the way" in refusal(run_to_its_end(tmp_path / "data"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_is_not_ours_to_write(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    assert "is not writable" in refusal(run_to_its_end(tmp_path / "data"))


def test_a_database_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "data/postgres/cluster").mkdir(parents=True)
    line = refusal(run_to_its_end(tmp_path / "data"))
    assert "is not a PostgreSQL data folder" in line
    assert "Restore the folder from a backup" in line


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    line = refusal(run_to_its_end(tmp_path / "data", DATABASE_URL=f"postgres://me:secret@127.0.0.1:{port}/mine"))
    assert f"The database at 127.0.0.1:{port}/mine (DATABASE_URL) does not answer" in line
    assert "secret" not in line
