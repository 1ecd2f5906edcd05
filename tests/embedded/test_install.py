"""Set-up: what it takes over from pip's configuration for uv."""

import json
import sys
from pathlib import Path

import pytest

from foundation.embedded import install


def test_uv_asks_where_pip_is_configured_to(tmp_path: Path) -> None:
    settings = {
        "index-url": "https://mirror.example/simple",
        "extra-index-url": "https://more.example/simple\nhttps://third.example/simple",
        "cert": "/etc/ssl/ours.pem",
        "trusted-host": "mirror.example",
        "default-timeout": "180",
    }
    env = install.uv_environment(settings, {"HOME": str(tmp_path)})
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert env["UV_INDEX"] == "https://more.example/simple https://third.example/simple"
    assert env["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert env["SSL_CERT_FILE"] == "/etc/ssl/ours.pem"
    assert env["UV_INSECURE_HOST"] == "mirror.example"
    assert env["UV_HTTP_TIMEOUT"] == "180"
    assert "UV_NO_CACHE" not in env


def test_local_indexes_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    settings = {
        "extra-index-url": f"file://{tmp_path}/missing file://{tmp_path}",
        "find-links": f"{tmp_path}/missing {tmp_path}",
    }
    env = install.uv_environment(settings, {})
    assert env["UV_INDEX"] == f"file://{tmp_path}"
    assert env["UV_FIND_LINKS"] == str(tmp_path)


def test_an_account_without_a_home_needs_no_cache(tmp_path: Path) -> None:
    (tmp_path / "nowhere").touch()
    assert install.uv_environment({}, {"HOME": str(tmp_path / "nowhere" / "home")})["UV_NO_CACHE"] == "1"


def test_what_the_operator_sets_for_uv_wins(tmp_path: Path) -> None:
    own = {"UV_DEFAULT_INDEX": "https://own.example/simple", "HOME": str(tmp_path)}
    env = install.uv_environment({"index-url": "https://mirror.example/simple"}, own)
    assert env["UV_DEFAULT_INDEX"] == "https://own.example/simple"


def test_a_python_without_venv_is_told_with_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(install, "PYTHON", tmp_path / "none")
    with pytest.raises(install.Refused, match="install Debian's package python3-venv"):
        install.make_venv()


def test_an_old_python_is_told_with_the_version_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(install, "PYTHON", tmp_path / "none")
    with pytest.raises(install.Refused, match=r"Python 3\.11 or newer is needed, this is 3\.9\.2"):
        install.make_venv()


def test_what_is_installed_already_takes_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> bool:
        raise AssertionError("nothing was to be installed")

    stamp = tmp_path / "installed.json"
    stamp.write_text(json.dumps({kind: install._digest(kind) for kind in install.LOCKS}))
    monkeypatch.setattr(install, "STAMP", stamp)
    monkeypatch.setattr(install, "_run", refuse)
    install.install("run")
    install.install("dev")


def test_the_locks_hold_hashes_and_the_installer_itself() -> None:
    for name in install.LOCKS.values():
        lock = (install.ROOT / f"{name}.txt").read_text()
        assert "\nuv==" in lock, f"{name}.txt would remove uv when it is installed"
        pinned = [line for line in lock.splitlines() if line and line[0] not in " #"]
        assert pinned
        assert all(line.endswith("\\") for line in pinned), f"{name}.txt has a line without a hash"


def test_the_larger_lock_has_the_versions_of_the_smaller() -> None:
    def versions(name: str) -> dict[str, str]:
        lines = (install.ROOT / f"{name}.txt").read_text().splitlines()
        return dict(line.split(" ")[0].split("==") for line in lines if "==" in line and line[0] not in " #")

    run, dev = versions("requirements"), versions("requirements-dev")
    assert {name: dev.get(name) for name in run} == run
