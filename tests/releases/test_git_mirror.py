"""A mirror has the branches and tags of its origin and none of its files, and survives what origins do."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from releases.git.environment import Access
from releases.git.errors import GitError, GitTimeout, GitTooLarge
from releases.git.mirror import ensure_mirror, fetch, keep, remove_half_packs
from releases.git.refs import snapshot
from releases.git.run import open_mirror
from tests.releases.gitbox import GitBox, git_lines


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    return tmp_path / "mirror.git"


def test_a_mirror_follows_branches_and_tags(box: GitBox, access: Access, mirror: Path) -> None:
    first = box.commit("One")
    box.tag("v1.0")
    box.git("tag", "light", first)
    fetch(mirror, access)
    with open_mirror(mirror, access) as opened:
        refs = snapshot(opened)
    assert set(refs) == {"refs/heads/main", "refs/tags/v1.0", "refs/tags/light"}
    assert refs["refs/tags/v1.0"].commit == first
    assert refs["refs/tags/v1.0"].target != first
    assert refs["refs/tags/light"].target == first

    box.git("tag", "-d", "light")
    box.branch("next")
    second = box.commit("Two")
    fetch(mirror, access)
    with open_mirror(mirror, access) as opened:
        assert set(refs := snapshot(opened)) == {"refs/heads/main", "refs/heads/next", "refs/tags/v1.0"}
    assert refs["refs/heads/next"].commit == second


def test_no_file_of_the_origin_arrives(box: GitBox, access: Access, mirror: Path) -> None:
    (box.path / "secret.bin").write_bytes(os.urandom(50_000))
    box.git("add", ".")
    box.commit("With a file")
    fetch(mirror, access)
    kinds = {line.split()[1] for line in git_lines(mirror, "cat-file", "--batch-check", "--batch-all-objects")}
    assert kinds == {"commit"}


def test_tags_on_trees_and_files_are_no_commits(box: GitBox, access: Access, mirror: Path) -> None:
    (box.path / "file").write_text("x")
    box.git("add", ".")
    box.commit("One")
    blob = box.git("rev-parse", "HEAD:file")
    tree = box.git("rev-parse", "HEAD^{tree}")
    box.tag("on-tree", tree)
    box.tag("on-blob", blob)
    box.git("tag", "light-blob", blob)
    box.tag("outer", "on-tree")
    box.tag("v1")
    box.tag("nested", "v1")
    for _again in range(2):
        fetch(mirror, access)
        with open_mirror(mirror, access) as opened:
            refs = snapshot(opened)
        assert {name for name, ref in refs.items() if ref.commit} == {
            "refs/heads/main", "refs/tags/v1", "refs/tags/nested",
        }  # fmt: skip


def test_an_empty_origin_gives_an_empty_mirror(access: Access, mirror: Path) -> None:
    fetch(mirror, access)
    with open_mirror(mirror, access) as opened:
        assert snapshot(opened) == {}


def test_a_kept_commit_outlives_its_tag_and_branch(box: GitBox, access: Access, mirror: Path) -> None:
    box.commit("Base")
    box.branch("side")
    lost = box.commit("Only here")
    fetch(mirror, access)
    with open_mirror(mirror, access) as opened:
        keep(opened, [lost])
    box.branch("main", "main")
    box.git("branch", "-D", "side")
    fetch(mirror, access)
    assert git_lines(mirror, "rev-parse", f"refs/keep/{lost}") == [lost]


def test_hooks_and_configuration_of_this_machine_do_not_run(
    box: GitBox, access: Access, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.commit("One")
    witness = tmp_path / "ran"
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "reference-transaction").write_text(f"#!/bin/sh\ntouch {witness}\n")
    (hooks / "reference-transaction").chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(f"[core]\n\thooksPath = {hooks}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", "/somewhere/else")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/somewhere/else")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.hookspath={hooks}'")
    fetch(mirror, access)
    assert not witness.exists()
    assert git_lines(mirror, "rev-list", "--all", "--count") == ["1"]


def test_a_command_as_address_is_never_run(tmp_path: Path, mirror: Path) -> None:
    witness = tmp_path / "ran"
    for url in (
        f"ext::sh -c touch% {witness}",
        f"--upload-pack=touch {witness}",
        f"ssh://-oProxyCommand=touch${{IFS}}{witness}/x",
    ):
        with pytest.raises(GitError):
            fetch(mirror, Access(url=url, seconds=20))
    assert not witness.exists()


def test_a_local_folder_needs_the_file_protocol(box: GitBox, mirror: Path) -> None:
    box.commit("One")
    with pytest.raises(GitError, match="not allowed"):
        fetch(mirror, Access(url=str(box.path), seconds=20))


def test_an_origin_that_is_gone_says_so_in_one_line(tmp_path: Path, mirror: Path) -> None:
    with pytest.raises(GitError, match="Git said: fatal: ") as caught:
        fetch(mirror, Access(url=str(tmp_path / "gone"), local=tmp_path / "gone", seconds=20))
    assert "\n" not in str(caught.value)


def test_an_origin_that_never_answers_is_given_up(mirror: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(GitTimeout):
            fetch(mirror, Access(url=f"http://127.0.0.1:{port}/x.git", protocols=("http",), seconds=1))
    assert not any("remote-http" in line and str(port) in line for line in _processes())


def test_an_origin_larger_than_allowed_is_refused_and_leaves_nothing(box: GitBox, access: Access, mirror: Path) -> None:
    box.commit(os.urandom(300_000).hex())
    small = Access(url=access.url, local=access.local, seconds=60, max_bytes=50_000)
    with pytest.raises(GitError) as caught:
        fetch(mirror, small)
    assert isinstance(caught.value, GitTooLarge)
    assert [path.name for path in (mirror / "objects" / "pack").glob("*")] == []


def test_half_packs_and_stale_locks_are_removed(access: Access, mirror: Path) -> None:
    ensure_mirror(mirror, access)
    left = [mirror / "objects" / "pack" / "tmp_pack_abc", mirror / "packed-refs.lock"]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    remove_half_packs(mirror)
    assert not any(path.exists() for path in left)


def test_a_half_made_mirror_is_finished(box: GitBox, access: Access, mirror: Path) -> None:
    box.commit("One")
    mirror.mkdir()
    (mirror / "HEAD").touch()
    fetch(mirror, access)
    assert git_lines(mirror, "rev-list", "--all", "--count") == ["1"]


def test_many_fetches_do_not_pile_up_packs(
    box: GitBox, access: Access, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("releases.git.mirror.MAX_PACKS", 3)
    for number in range(6):
        box.commit(f"{number}")
        fetch(mirror, access)
    assert len(list((mirror / "objects" / "pack").glob("*.pack"))) <= 4
    assert git_lines(mirror, "rev-list", "--all", "--count") == ["6"]


def test_nothing_of_git_is_left_running(box: GitBox, access: Access, mirror: Path) -> None:
    box.commit("One")
    before = set(threading.enumerate())  # an earlier test's server may still have some
    for _ in range(3):
        fetch(mirror, access)
        with open_mirror(mirror, access) as opened:
            snapshot(opened)
    assert not any(str(mirror) in line for line in _processes())
    assert not set(threading.enumerate()) - before


def _processes() -> list[str]:
    return subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("tools", ["", "from releases.git import run; run._tools = lambda: ('', '')\n"])
def test_git_dies_with_the_process_that_started_it(tmp_path: Path, tools: str) -> None:
    """Bound by util-linux, and where that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.git"
        program = (
            "from pathlib import Path; from releases.git.environment import Access\n"
            f"from releases.git.mirror import fetch\n{tools}"
            f"fetch(Path({str(tmp_path / 'm.git')!r}), Access(url={url!r}, protocols=('http',), seconds=60))"
        )
        started = subprocess.Popen([sys.executable, "-c", program])
        server.settimeout(30)
        connection, _address = server.accept()
        with connection:
            git = _children(started.pid)
            started.kill()
            started.wait()
            deadline = time.monotonic() + 10
            while any(Path(f"/proc/{pid}").exists() for pid in git):
                assert time.monotonic() < deadline, "git goes on without its parent"
                time.sleep(0.1)
        assert git


def _children(pid: int) -> list[str]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in listed.splitlines() if line.split()[1] == str(pid)]


def test_a_shallow_origin_comes_in_as_far_as_it_goes(box: GitBox, mirror: Path, tmp_path: Path) -> None:
    for number in range(5):
        box.commit(f"{number}")
    box.tag("v1")
    shallow = tmp_path / "shallow"
    box.git("clone", "--quiet", "--depth=2", f"file://{box.path}", str(shallow))
    fetch(mirror, Access(url=str(shallow), local=shallow, seconds=60))
    assert git_lines(mirror, "rev-list", "--all", "--count") == ["2"]
