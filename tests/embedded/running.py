"""A real supervisor in a folder of its own, as a person on a terminal sees it."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from foundation.embedded.environment import ROOT
from foundation.embedded.server import free_port

STARTS_WITHIN = 300.0  # on a machine that does much else: most of it goes into migrations
# What the test run or its operator sets must not reach the house under test.
FOREIGN = ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "SECRET_KEY", "DEBUG", "FIELDLOOP_HOST", "FIELDLOOP_EMBEDDED")


def command_line(data: Path, **variables: str) -> tuple[list[str], dict[str, str]]:
    """Give the command and the variables of a house on `data` without the demo."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    env.update(FIELDLOOP_DATA=str(data), FIELDLOOP_DEMO="0", WORKER_CONCURRENCY="1", WEB_WORKERS="1")
    return [sys.executable, "-m", "foundation.embedded"], {**env, **variables}


def run_to_its_end(data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a house that is expected not to start."""
    command, env = command_line(data, **{"PORT": str(free_port()), **variables})
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=90, check=False)


class Answer(NamedTuple):
    """What the web answered."""

    status: int
    text: str


class RunningHouse:
    """A started house: its address, its processes, what it said."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.port = free_port()
        self.said = data.with_name(f"{data.name}-terminal.txt")
        began = time.monotonic()
        command, env = command_line(data, PORT=str(self.port), **variables)
        with self.said.open("wb") as terminal:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=terminal, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: "Ctrl-C stops" in self.said.read_text() or self.process.poll() is not None, STARTS_WITHIN)
            assert self.process.poll() is None, self.said.read_text()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        self.started_in = time.monotonic() - began

    def get(self, path: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())
        finally:
            connection.close()

    def variables(self) -> Mapping[str, str]:
        """Give what commands in another terminal adopt."""
        lines = (self.data / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def pid_of(self, name: str) -> int:
        """Give the main process of one service: the supervisor's child whose log has that name."""
        patterns = {"web": "gunicorn", "worker": "worker@", "git": "git@", "beat": "beat", "valkey": "valkey-server"}
        pattern = patterns.get(name, name)
        for pid in children(self.process.pid):
            if re.search(pattern, command_of(pid)):
                return pid
        raise LookupError(name)

    def end(self, how: signal.Signals) -> list[int]:
        """End the supervisor; gives the processes of its family that still live some seconds later."""
        family = descendants(self.process.pid)
        self.process.send_signal(how)
        self.process.wait(60)
        wait_for(lambda: not living(family), 15, required=False)
        return living(family)


def wait_for(happened: Callable[[], bool], seconds: float, *, required: bool = True) -> None:
    """Wait until something happened; fails after `seconds` where that is required."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            assert not required, f"It did not happen within {seconds} seconds."
            return
        time.sleep(0.05)


def living(pids: list[int]) -> list[int]:
    """Give those that run; a dead process that nobody collected does not."""
    return [pid for pid in pids if state_of(pid) not in {"", "Z", "X"}]


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def descendants(pid: int) -> list[int]:
    """Give the children of a process, theirs, and so on."""
    found = children(pid)
    return found + [grandchild for child in found for grandchild in descendants(child)]
