"""Which processes make up the house, with which variables: the embedded servers, and our own programs."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from . import folder
from .environment import ROOT, secret_key
from .errors import SetupError
from .guarding import Guard
from .log import Log
from .postgres import EmbeddedPostgres
from .program import Program
from .server import EmbeddedServer
from .valkey import EmbeddedValkey


class House:
    """The processes of one data folder. An address that the operator gave replaces the embedded server."""

    def __init__(self, data: Path, given: Mapping[str, str]) -> None:
        self.data = data
        self.given = given
        self.guard = Guard()
        self.host = given.get("FIELDLOOP_HOST") or "127.0.0.1"
        self.port = _port(given.get("PORT") or "8000")
        self.postgres = (
            None if given.get("DATABASE_URL") else EmbeddedPostgres(data / "postgres", log=self._log("postgres"))
        )
        needs_valkey = not (given.get("BROKER_URL") and given.get("CACHE_URL"))
        self.valkey = EmbeddedValkey(data / "valkey", log=self._log("valkey")) if needs_valkey else None

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the house."""
        host = "localhost" if self.host.startswith("127.") else self.host
        return self.given.get("PUBLIC_URL") or f"http://{host}:{self.port}/"

    def servers(self) -> list[EmbeddedServer]:
        """Give the embedded servers in the order of starting."""
        return [server for server in (self.postgres, self.valkey) if server is not None]

    def env(self) -> dict[str, str]:
        """Give the variables of every program; the embedded servers must be running."""
        env = dict(self.given)
        env.update(
            FIELDLOOP_DATA=str(self.data),
            PYTHONUNBUFFERED="1",
            PORT=str(self.port),
        )
        env.setdefault("SECRET_KEY", secret_key(self.data))
        env.setdefault("PUBLIC_URL", self.address)
        env.setdefault("DJANGO_SETTINGS_MODULE", "rnd.settings")
        if self.postgres is not None:
            env.update(DATABASE_URL=self.postgres.url, FIELDLOOP_EMBEDDED="1")
        if self.valkey is not None:
            # An operator's empty variable means: not given.
            env["BROKER_URL"] = env.get("BROKER_URL") or self.valkey.url_of(0)
            env["CACHE_URL"] = env.get("CACHE_URL") or self.valkey.url_of(1)
        return env

    def preparation(self, report: Path) -> Program:
        """Give the command that migrates and loads the demo."""
        return self._program("prepare", ["manage.py", "prepare", "--report", str(report)])

    def programs(self, web_socket: int) -> list[Program]:
        """Give what runs all the time, in the order of starting; web serves the listening `web_socket`."""
        folder.prepare(self.data / "static")  # whitenoise warns where it is missing
        web = ["-m", "gunicorn", "rnd.wsgi:application", "--bind", f"fd://{web_socket}", "--worker-class", "gthread"]
        web += ["--workers", self.given.get("WEB_WORKERS") or "2", "--threads", "8", "--timeout", "60"]
        web += ["--graceful-timeout", "8", "--no-control-socket", "--access-logfile", "-"]
        celery = ["-m", "celery", "-A", "rnd.celery"]
        worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "-O", "fair"]
        concurrency = self.given.get("WORKER_CONCURRENCY") or str(min(4, os.cpu_count() or 1))
        beat_file = str(folder.prepare(self.data / "beat") / "schedule")
        return [
            self._program("web", web, keep=[web_socket], when_we_die="QUIT", extra={"DATABASE_POOL": "1"}),
            self._program("worker", [*worker, "-n", "worker@%h", "-Q", "celery", "--concurrency", concurrency]),
            self._program("git", [*worker, "-n", "git@%h", "-Q", "git", "--concurrency", "1"]),
            self._program("beat", [*celery, "beat", "--loglevel", "INFO", "--schedule", beat_file, "--pidfile="]),
        ]

    def _program(
        self,
        name: str,
        arguments: list[str],
        *,
        keep: list[int] | None = None,
        when_we_die: str = "KILL",
        extra: Mapping[str, str] | None = None,
    ) -> Program:
        return Program(
            name=name,
            command=[sys.executable, *arguments],
            env={**self.env(), **(extra or {})},
            cwd=ROOT,
            log=self._log(name),
            guard=self.guard,
            when_we_die=when_we_die,
            keep=keep or [],
        )

    def _log(self, name: str) -> Log:
        return Log(self.data / "logs" / f"{name}.log", name)


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise SetupError(f"PORT must be a number from 1 to 65535, not {text!r}.")
