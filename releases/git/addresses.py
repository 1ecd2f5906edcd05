"""Which repository addresses the house touches: https and ssh without secrets in them, and allowed local folders."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from foundation.kit.hosts import PrivateAddress, resolve
from releases.git.errors import N_, GitRefused

MAX_LENGTH: Final = 500
_SCP: Final = re.compile(r"[A-Za-z0-9_][\w.-]*@([A-Za-z0-9][A-Za-z0-9.-]*):(?!/?/)[\w./~+-]+", re.ASCII)
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+", re.ASCII)


def check_address(url: str, *, protocols: Sequence[str], file_roots: Iterable[Path]) -> Path | None:
    """Give the folder for a local repository, or None for a remote one that may be fetched.

    Raises GitRefused, saying which part of the address is not acceptable and what would be.
    """
    if not url or len(url) > MAX_LENGTH or not url.isprintable() or any(c.isspace() for c in url):
        raise GitRefused(N_("An address has 1 to %(most)s printable characters and no spaces."), most=MAX_LENGTH)
    if url.startswith(("/", "file://")):
        return _local(url.removeprefix("file://"), list(file_roots))
    if _SCP.fullmatch(url):
        _protocol("ssh", protocols)
        return None
    parts = _split(url)
    _protocol(parts.scheme, protocols)
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or len(parts.path) < 2:
        raise GitRefused(N_("“%(url)s” names no host and path, as in https://host/team/project.git."), url=url)
    if parts.password or (parts.username and parts.scheme != "ssh"):
        raise GitRefused(N_("A password or token does not belong in an address. Use a read-only deploy key over ssh."))
    if parts.query or parts.fragment or (parts.username or "").startswith("-"):
        raise GitRefused(
            N_("“%(url)s” has parts that a repository's address does not have (?, # or a leading dash)."), url=url
        )
    return None


def host_of(url: str) -> str:
    """Give the host of a remote address that `check_address` has accepted; empty for a local one."""
    scp = _SCP.fullmatch(url)
    return scp[1] if scp else urlsplit(url).hostname or ""


def check_host(host: str, *, allowed: Iterable[str]) -> None:
    """Refuse a host in a private, loopback or link-local range, unless the operator lists it by name.

    A name that cannot be resolved here passes: git will say so itself, or a proxy resolves it.
    """
    try:
        resolve(host, None, allowed=frozenset(allowed))
    except PrivateAddress as found:
        raise GitRefused(
            N_(
                "%(host)s is at the private address %(address)s. If that is meant, the operator lists the host in "
                "FIELDLOOP_GIT_PRIVATE_HOSTS."
            ),
            host=found.host,
            address=found.address,
        ) from None
    except OSError:
        return


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number
    except ValueError as error:
        raise GitRefused(N_("“%(url)s” is not an address: %(why)s."), url=url, why=error) from error
    return parts


def _protocol(protocol: str, allowed: Sequence[str]) -> None:
    if protocol not in allowed:
        raise GitRefused(
            N_(
                "The protocol “%(protocol)s” is not allowed. Use one of: %(allowed)s, as in "
                "https://host/team/project.git."
            ),
            protocol=protocol or "–",
            allowed=", ".join(allowed),
        )


def _local(text: str, roots: Sequence[Path]) -> Path:
    folder = Path(text).resolve()
    if not any(folder.is_relative_to(root.resolve()) for root in roots):
        raise GitRefused(
            N_(
                "The folder %(folder)s is not below one that the operator allows. Folders are added on the command "
                "line (manage.py add_repository) or listed in FIELDLOOP_GIT_FILE_ROOTS."
            ),
            folder=text,
        )
    if not ((folder / "HEAD").is_file() or (folder / ".git").exists()):
        raise GitRefused(N_("There is no git repository in %(folder)s."), folder=text)
    return folder
