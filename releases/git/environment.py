"""The environment every git process runs in: no prompts, no hooks, no user's configuration, few protocols.

Settings reach git through `GIT_CONFIG_COUNT`, also the remote's address: what a user typed is never an
argument on a command line, so it can never be an option.
"""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# GitPython looks for git while it is imported, and fails there; we want to say it in our own words, later.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

CONFIG: Final[Mapping[str, str]] = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.askPass": "",
    "credential.helper": "",
    "fetch.fsckObjects": "true",
    "fetch.recurseSubmodules": "no",
    "fetch.unpackLimit": "1",
    "fetch.writeCommitGraph": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "30",
    "i18n.logOutputEncoding": "UTF-8",
    "log.showSignature": "false",
    "pack.threads": "1",
}


@dataclass(frozen=True, slots=True)
class Access:
    """How one repository is reached, and how much of it is taken.

    `seconds` bounds every git process, `max_bytes` every file that a fetch writes; `local` is the folder
    of a repository on this machine, for which the protocol `file` is opened and no other.
    """

    url: str
    protocols: tuple[str, ...] = ("https", "ssh")
    local: Path | None = None
    ssh_key: Path | None = None
    known_hosts: Path | None = None
    seconds: int = 1800
    max_bytes: int = 2 * 1024**3


def environment(git_dir: Path, access: Access) -> dict[str, str]:
    """Give the variables for a git process that works in the mirror `git_dir`."""
    config = {**CONFIG, "remote.origin.url": access.url}
    variables = {
        "GIT_DIR": str(git_dir),
        "GIT_ALLOW_PROTOCOL": "file" if access.local else ":".join(access.protocols),
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(git_dir / LOCAL_SOURCE) if access.local else "/dev/null",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_SSH_COMMAND": _ssh(access),
        # No ~/.netrc and no personal configuration of whoever runs the worker.
        "HOME": str(git_dir),
        # Moments are asked for in local time (`--date=…-local`), which is the house's: UTC.
        "TZ": "UTC",
        # Into a pipe git writes every record on its own, unless it is told not to: twice the time for a long history.
        "GIT_FLUSH": "0",
        "GIT_CONFIG_COUNT": str(len(config)),
    }
    for number, (key, value) in enumerate(config.items()):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables


def forget_surroundings() -> None:
    """Drop what a git hook or an editor that started this process has set for its own repository.

    GitPython reads these from the process itself, and no repository but ours is ever meant here.
    """
    for name in _OF_ANOTHER_REPOSITORY:
        os.environ.pop(name, None)


_OF_ANOTHER_REPOSITORY: Final = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_CEILING_DIRECTORIES", "GIT_TRACE",
)  # fmt: skip

# A file in the mirror, read by the serving side of a fetch from a folder of this machine: it may belong to
# another user, and it should leave files out just like a server does. Git clears `GIT_CONFIG_COUNT` there.
LOCAL_SOURCE: Final = "fieldloop-source.config"


def local_source_config(folder: Path) -> str:
    """Give the text of `LOCAL_SOURCE` for a repository in `folder` (with or without a work tree)."""
    quoted = [str(path).replace("\\", "\\\\").replace('"', '\\"') for path in (folder, folder / ".git")]
    return "[safe]\n" + "".join(f'\tdirectory = "{path}"\n' for path in quoted) + "[uploadpack]\n\tallowFilter = true\n"


def _ssh(access: Access) -> str:
    """Give the ssh command: one key, hosts known beforehand, nothing asked."""
    options = ["-oBatchMode=yes", "-oStrictHostKeyChecking=yes", "-oConnectTimeout=20", "-oServerAliveInterval=15"]
    if access.ssh_key:
        options += ["-i", str(access.ssh_key), "-oIdentitiesOnly=yes"]
    if access.known_hosts:
        options.append(f"-oUserKnownHostsFile={access.known_hosts}")
    return shlex.join(["ssh", *options])
