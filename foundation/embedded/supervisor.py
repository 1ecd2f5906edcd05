"""One process that owns a data folder: starts the house in order, starts again what dies, stops it in order."""

import errno
import http
import http.client
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, NoReturn, Protocol

from . import child, environment, folder, terminal
from .errors import SetupError
from .house import House
from .program import Program

BACKOFF: Final = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
SETTLED_AFTER: Final = 30.0  # seconds of life after which a death counts as the first again
WEB_ANSWERS_WITHIN: Final = 90.0


class Stop(BaseException):
    """Somebody asked the house to stop: Ctrl-C, SIGTERM, or the closing of the terminal."""


class Startable(Protocol):
    """What the supervisor knows of a server or a program."""

    @property
    def name(self) -> str: ...
    @property
    def process(self) -> child.Process | None: ...
    def start(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class Watched:
    """One running process, and how often it died lately."""

    service: Startable
    deaths: int = 0
    started_at: float = field(default_factory=time.monotonic)
    start_again_at: float | None = None

    def look(self) -> None:
        """Start the process again if it died and its pause is over."""
        now = time.monotonic()
        process = self.service.process
        if self.start_again_at is None:
            if process is not None and process.poll() is None:
                return
            self._plan(now, f"ended ({_how(process)})")
        elif now >= self.start_again_at:
            try:
                self.service.start()
            except (SetupError, OSError) as error:
                self._plan(now, str(error))
            else:
                self.started_at, self.start_again_at = time.monotonic(), None
                terminal.say(self.service.name, "is back")

    def _plan(self, now: float, what: str) -> None:
        if self.service.process is not None:
            child.kill_group(self.service.process)
        self.deaths = 0 if now - self.started_at > SETTLED_AFTER else self.deaths
        pause = BACKOFF[min(self.deaths, len(BACKOFF) - 1)]
        self.deaths += 1
        self.start_again_at = now + pause
        terminal.say(self.service.name, f"{what}; starting it again" + (f" in {pause:g} s" if pause else ""))


class Supervisor:
    """Runs a house until it is told to stop."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.data = folder.prepare(environment.data_folder(given))
        self.house = House(self.data, given)
        self.lock = folder.FolderLock(self.data / environment.LOCK)
        self.programs: list[Program] = []
        self.watched: list[Watched] = []

    def run(self) -> None:
        """Start everything and keep it running. Returns when told to stop; raises SetupError if it cannot start."""
        require_git()
        self._own_the_folder()
        on_stop_signals(_stop)
        try:
            with listen(self.house.host, self.house.port) as web_socket:
                self._start(web_socket)
                while True:
                    self.house.guard.watch()
                    for watched in self.watched:
                        watched.look()
                    time.sleep(0.1)
        except Stop:
            terminal.say("stopping", "(again Ctrl-C: at once)")
        finally:
            self._stop_all()

    def _own_the_folder(self) -> None:
        if not self.lock.acquire():
            owner = self.lock.path.read_text().strip()
            raise SetupError(
                f"Fieldloop already runs on {self.data} (process {owner}); set FIELDLOOP_DATA for a second."
            )
        os.ftruncate(self.lock.descriptor, 0)
        os.write(self.lock.descriptor, f"{os.getpid()}\n".encode())

    def _start(self, web_socket: socket.socket) -> None:
        began = time.monotonic()
        self.house.guard.watch()
        for server in self.house.servers():
            server.open()
            server.start()
            self.watched.append(Watched(server))
            terminal.say(server.name, f"listens on 127.0.0.1:{server.port}")
        environment.publish(self.data, self.house.env())
        sign_ins = self._prepare()
        for program in self.house.programs(web_socket.fileno()):
            self.programs.append(program)
            program.start()
            self.watched.append(Watched(program))
            if program.name == "web":
                self._wait_until_it_answers(program)  # before the others take its processor time
        terminal.say("all", f"started in {time.monotonic() - began:.1f} s; logs are in {self.data / 'logs'}")
        terminal.announce(self.house.address, sign_ins)

    def _prepare(self) -> list[list[str]]:
        """Migrate and load the demo; gives the demo's sign-ins."""
        report = self.data / "prepared.json"
        preparation = self.house.preparation(report)
        preparation.log.echo = _tell_progress
        self.programs.append(preparation)
        preparation.start()
        assert preparation.process is not None
        failed = preparation.process.wait() != 0
        said = preparation.log.settled()
        preparation.close()
        self.programs.remove(preparation)
        if failed:
            raise SetupError(f"{_last(said).removeprefix('CommandError: ')} (The log is {preparation.log.path})")
        prepared = json.loads(report.read_text())
        report.unlink()
        if prepared["sign_ins"] and not self.house.host.startswith("127."):
            raise SetupError(
                f"The demo is for this machine only: with its accounts, FIELDLOOP_HOST cannot be {self.house.host}."
            )
        return list(prepared["sign_ins"])

    def _wait_until_it_answers(self, web: Program) -> None:
        host = "127.0.0.1" if self.house.host == "0.0.0.0" else self.house.host  # noqa: S104  # compared, not bound
        deadline = time.monotonic() + WEB_ANSWERS_WITHIN
        while time.monotonic() < deadline:
            try:
                status = _get_status(host, self.house.port, "/livez")
            except (OSError, http.client.HTTPException):
                if web.process is None or web.process.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                if status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                    return
                raise SetupError(f"web answers with an error ({status}); see {web.log.path}.")
        raise SetupError(f"web does not start: {_last(web.log.settled())} (the log is {web.log.path})")

    def _stop_all(self) -> None:
        """Programs first, then the servers they use; a second request kills what is left."""
        on_stop_signals(_stop)
        try:
            for program in self.programs:
                program.ask_to_stop()
            for program in self.programs:
                program.close()
        except Stop:
            for program in self.programs:
                if program.process is not None:
                    child.kill_group(program.process)
        on_stop_signals(signal.SIG_IGN)
        for server in reversed(self.house.servers()):
            server.close()
        environment.withdraw(self.data)
        self.house.guard.close()
        self.lock.release()


def require_git() -> None:
    """Raise SetupError where git is missing: repositories are read with it."""
    if shutil.which("git") is None:
        raise SetupError("The program git is missing; install Debian's package git.")


def listen(host: str, port: int) -> socket.socket:
    """Give the listening socket. The supervisor holds it, so that requests wait while web starts again."""
    try:
        listener = socket.create_server((host, port), backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SetupError(
                f"Port {port} is taken by another program; choose another: PORT={port + 1} make run."
            ) from None
        raise SetupError(f"Cannot listen on {host}:{port}: {error.strerror}.") from None
    return listener


def _get_status(host: str, port: int, path: str) -> int:
    """Ask over HTTP, whatever proxy the environment names for other addresses."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status
    finally:
        connection.close()


def on_stop_signals(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    """Let `handler` answer Ctrl-C, SIGTERM and the closing of the terminal."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stop


def _tell_progress(line: str) -> None:
    """Show people what the preparing command marks for them; the rest is in its log."""
    if line.startswith("> "):
        terminal.say("prepare", line.removeprefix("> "))


def _how(process: child.Process | None) -> str:
    if process is None or process.returncode is None:
        return "it was not running"
    code = process.returncode
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _last(lines: Sequence[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "it says nothing")
