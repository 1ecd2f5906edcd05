"""A house that really runs (supervisor, servers, workers and all), and people in front of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from foundation.embedded.environment import ROOT
from tests.browser.support import Watch
from tests.embedded.running import RunningHouse
from tests.journeys.person import Person
from tests.migrated import Migrated

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PASSWORD = "seven-lakes-at-dawn"


class House:
    """The running house, its operator's command line, and the people who have signed in to it."""

    def __init__(self, running: RunningHouse, chromium: Browser) -> None:
        self.running = running
        self.url = f"http://127.0.0.1:{running.port}"
        self._browser = chromium
        self._people: dict[str, Person] = {}

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run a command as an operator does in another terminal."""
        env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "FIELDLOOP_DATA": str(self.running.data), "LANG": "C.UTF-8"}
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=env, input=stdin, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add_person(self, username: str, role: str, team: str, *, language: str = "en", **team_options: str) -> None:
        """Make an account on the command line."""
        options = [f"--{name.replace('_', '-')}={value}" for name, value in team_options.items()]
        said = self.manage(
            "add_user", f"--username={username}", f"--name={username.title()}", f"--role={role}", f"--team={team}",
            f"--language={language}", "--password-stdin", "--json", *options, stdin=f"{PASSWORD}\n",
        )  # fmt: skip
        assert json.loads(said)["username"] == username

    def person(self, username: str) -> Person:
        """Give the person in front of their own browser, signed in through the page."""
        if username not in self._people:
            context = self._browser.new_context(base_url=self.url, locale="en-GB", timezone_id="Europe/Oslo")
            context.set_default_timeout(30_000)
            person = Person(Watch(context.new_page()))
            person.sign_in(username, PASSWORD)
            self._people[username] = person
        return self._people[username]

    def leave(self) -> None:
        """Close every browser; fails with whatever a console has complained about."""
        for person in self._people.values():
            person.page.context.close()
        for person in self._people.values():
            person.watch.check()


@pytest.fixture
def house(tmp_path: Path, browser: Browser, migrated: Migrated) -> Iterator[House]:
    migrated.copy_to(tmp_path / "data" / "postgres")  # tests/embedded/test_supervisor.py starts one from nothing
    running = RunningHouse(tmp_path / "data", FIELDLOOP_GIT_FILE_ROOTS=str(tmp_path))
    found = House(running, browser)
    yield found
    try:
        found.leave()
    finally:
        running.process.terminate()
        running.process.wait(60)
