"""How commands in another terminal find the house that runs."""

from pathlib import Path

from foundation.embedded import environment
from foundation.embedded.folder import FolderLock


def test_a_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = environment.secret_key(tmp_path)
    assert len(key) > 40
    assert environment.secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_commands_adopt_the_running_house(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / environment.LOCK)
    assert lock.acquire()
    environment.publish(tmp_path, {"DATABASE_URL": "postgres://running", "SECRET_KEY": "a=b", "HOME": "/elsewhere"})
    env = {"FIELDLOOP_DATA": str(tmp_path), "SECRET_KEY": "mine"}
    environment.adopt(env)
    assert env == {"FIELDLOOP_DATA": str(tmp_path), "SECRET_KEY": "mine", "DATABASE_URL": "postgres://running"}
    lock.release()


def test_the_file_of_a_killed_house_is_ignored(tmp_path: Path) -> None:
    environment.publish(tmp_path, {"DATABASE_URL": "postgres://gone"})
    env = {"FIELDLOOP_DATA": str(tmp_path)}
    environment.adopt(env)
    assert "DATABASE_URL" not in env


def test_the_operators_database_wins(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / environment.LOCK)
    assert lock.acquire()
    environment.publish(tmp_path, {"DATABASE_URL": "postgres://running", "BROKER_URL": "redis://running"})
    env = {"FIELDLOOP_DATA": str(tmp_path), "DATABASE_URL": "postgres://own"}
    environment.adopt(env)
    assert env == {"FIELDLOOP_DATA": str(tmp_path), "DATABASE_URL": "postgres://own"}
    lock.release()
