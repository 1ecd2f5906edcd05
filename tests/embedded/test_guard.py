"""The guard: what a killed supervisor's children started does not run on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from foundation.embedded import guard
from foundation.embedded.environment import ROOT
from foundation.embedded.guarding import Guard
from tests.embedded.running import children, living, wait_for

OWNER = """
import pathlib, sys, time
from foundation.embedded.guarding import Guard
from foundation.embedded.log import Log
from foundation.embedded.program import Program
guard = Guard()
guard.watch()
program = Program(name="p", command=["sh", "-c", "sleep 300 & echo $! >pid; wait"], env={"PATH": "/usr/bin:/bin"},
    cwd=pathlib.Path(sys.argv[1]), log=Log(pathlib.Path(sys.argv[1], "log"), "p"), guard=guard)
program.start()
time.sleep(300)
"""


def test_a_grandchild_ends_with_a_killed_supervisor(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], cwd=ROOT)
    pid_file = tmp_path / "pid"
    wait_for(lambda: pid_file.exists() and pid_file.read_text().strip() != "", 20)
    grandchild = int(pid_file.read_text())
    family = [*children(owner.pid), grandchild]
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    wait_for(lambda: not living(family), guard.GRACE_SECONDS + 60)


def test_a_killed_guard_is_replaced_and_knows_everything_again() -> None:
    sleeper = subprocess.Popen(["sleep", "100"], process_group=0)
    keeper = Guard()
    keeper.watch()
    keeper.add(sleeper.pid)
    first = keeper.process
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    keeper.watch()
    assert keeper.process is not first
    keeper.close()  # without taking the group off the list, as a killed supervisor would
    assert sleeper.wait(10) == -signal.SIGKILL
