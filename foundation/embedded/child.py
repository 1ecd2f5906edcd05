"""Starts a child process that ends when we end, even when we are killed with -9."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import SetupError
from .log import Log

Process = subprocess.Popen[bytes]


def spawn(
    command: Sequence[str | Path],
    *,
    log: Log,
    cwd: Path,
    when_we_die: str,
    account: pwd.struct_passwd | None = None,
    env: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start `command` with its output in `log`; the kernel sends it the signal `when_we_die`.

    Call it from the main thread only: the kernel watches the thread that started the child.
    `keep` are descriptors the child inherits; `account` is whose rights it gets (root only).
    The child leads a process group of its own, so that a terminal's Ctrl-C reaches only us.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise SetupError("The program setpriv is missing; install Debian's package util-linux.")
    leash = [setpriv, "--pdeathsig", when_we_die]
    if account is not None:
        leash += ["--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups"]
        leash += ["--inh-caps=-all", "--no-new-privs"]
    process = subprocess.Popen(
        [*leash, "--", *map(str, command)],
        cwd=cwd,
        env=dict(os.environ if env is None else env),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=tuple(keep),
        process_group=0,
    )
    log.follow(process)
    return process


def stop(process: subprocess.Popen[bytes], how: signal.Signals, *, within: float) -> bool:
    """Ask `process` to end, kill its group after `within` seconds; says whether it ended by itself."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        ended = False
    else:
        ended = True
    kill_group(process)
    process.wait()
    return ended


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 whatever is left of the process group that `process` led."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        process.poll()
        time.sleep(0.01)
