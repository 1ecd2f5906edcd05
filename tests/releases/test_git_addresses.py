"""Only https, ssh and allowed folders are fetched; secrets, options and private hosts are refused with a reason."""

import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.git.addresses import check_address, check_host, host_of
from releases.git.errors import GitRefused
from tests.releases.gitbox import GitBox

BOTH = ("https", "ssh")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://github.com/ExpressLRS/ExpressLRS.git", "github.com"),
        ("https://git.example.org:8443/a/b", "git.example.org"),
        ("ssh://git@git.example.org/team/radio.git", "git.example.org"),
        ("git@github.com:team/radio.git", "github.com"),
    ],
)
def test_ordinary_addresses_are_taken(url: str, host: str) -> None:
    assert check_address(url, protocols=BOTH, file_roots=[]) is None
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "printable"),
        ("https://a.example/x y", "no spaces"),
        ("https://a.example/\nx", "printable"),
        ("ext::sh -c id", "no spaces"),
        ("ext::id", "protocol"),
        ("ext://id/x", "protocol"),
        ("fd::7/x", "protocol"),
        ("http://a.example/x", "Use one of: https, ssh"),
        ("git://a.example/x", "protocol"),
        ("--upload-pack=id", "protocol"),
        ("-oProxyCommand=id@a:x", "protocol"),
        ("ssh://-oProxyCommand=id/x", "no host"),
        ("ssh://-x@a.example/x", "dash"),
        ("https://user:secret@a.example/x", "does not belong"),
        ("https://token@a.example/x", "does not belong"),
        ("https://a.example/x?token=1", "does not have"),
        ("https://a.example", "no host and path"),
        ("https://[::1/x", "not an address"),
        ("https://a.example:port/x", "not an address"),
        ("relative/folder", "protocol"),
        ("https://" + "a" * 600, "500"),
    ],
)
def test_other_addresses_are_refused_with_a_reason(url: str, reason: str) -> None:
    with pytest.raises(GitRefused, match=reason):
        check_address(url, protocols=BOTH, file_roots=[])


@given(st.text(max_size=60))
def test_no_text_breaks_the_check(text: str) -> None:
    try:
        check_address(text, protocols=BOTH, file_roots=[])
    except GitRefused:
        return
    assert text.startswith(("https://", "ssh://")) or "@" in text


def test_folders_are_taken_below_allowed_ones_only(box: GitBox, tmp_path: Path) -> None:
    url = str(box.path)
    assert check_address(url, protocols=BOTH, file_roots=[tmp_path]) == box.path
    assert check_address(f"file://{url}", protocols=BOTH, file_roots=[tmp_path]) == box.path
    with pytest.raises(GitRefused, match="command line"):
        check_address(url, protocols=BOTH, file_roots=[])
    with pytest.raises(GitRefused, match="command line"):
        check_address(f"{url}/../../..", protocols=BOTH, file_roots=[tmp_path])
    (tmp_path / "way-out").symlink_to("/")
    with pytest.raises(GitRefused, match="command line"):
        check_address(str(tmp_path / "way-out" / "etc"), protocols=BOTH, file_roots=[tmp_path])
    (tmp_path / "empty").mkdir()
    with pytest.raises(GitRefused, match="no git repository"):
        check_address(str(tmp_path / "empty"), protocols=BOTH, file_roots=[tmp_path])


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fe80::1%eth0"])
def test_private_hosts_are_refused_unless_listed(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    def resolve(*_args: Any, **_named: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(GitRefused, match="FIELDLOOP_GIT_PRIVATE_HOSTS"):
        check_host("git.internal", allowed=[])
    check_host("git.internal", allowed=["git.internal"])


def test_a_name_that_does_not_resolve_is_left_to_git(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_named: Any) -> list[Any]:
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    check_host("nowhere.example", allowed=[])
