"""The ground every test stands on: a PostgreSQL of one's own, and the cast.

Each worker of a parallel run starts its own embedded PostgreSQL (without fsync): the journal reads
below the oldest running transaction of the whole server, so a shared one would let the tests of one
worker hold back the consumers of another.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import environ
import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from pytest_django import Settings

from foundation.embedded.postgres import EmbeddedPostgres
from tests.browser.session import browser  # noqa: F401 -- a second one in the same process would not start
from tests.flush import _flush_past_the_guards  # noqa: F401 -- a fixture for every test
from tests.migrated import Migrated

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.snapshot import Assembled

# Playwright's synchronous API runs an event loop in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Houses that tests start as processes of their own; of this one, see `_own_data_folder`.
os.environ.setdefault("REPORTS_KEPT", "false")


def pytest_xdist_auto_num_workers() -> int:
    """Give two workers to each core: half of the time each waits for a browser, git or a server."""
    return len(os.sched_getaffinity(0)) * 2


# What takes half a minute or more in one piece comes first: at the end of a run nobody waits for it.
LONG: Final = (
    "house/test_rights.py", "api/test_schema.py", "browser/test_reports.py", "browser/test_artifacts.py",
    "embedded/test_supervisor.py", "browser/test_release_stories.py", "browser/test_accounts.py",
    "journeys/test_loop.py", "cycles/test_every_figure.py", "demo/test_demo.py", "browser/test_releases.py",
    "browser/test_rollouts.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others stay in their order."""
    order = {Path(__file__).parent / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path, len(LONG)))


def pytest_collection_finish() -> None:
    """Leave what lasts to the end out of every search for cycles: a tenth of the suite's time went there."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest) -> Migrated:
    """Gives copies of a migrated database."""
    return Migrated(request.config.cache.mkdir("migrated"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, migrated: Migrated) -> Iterator[EmbeddedPostgres]:
    folder = tmp_path_factory.mktemp("postgres")
    migrated.copy_to(folder)
    with EmbeddedPostgres(folder, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: EmbeddedPostgres) -> None:
    """Points Django at the worker's own server before the test database is made, as a copy of the migrated one."""
    database = environ.Env.db_url_config(postgres.url)
    for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        settings.DATABASES["default"][name] = database[name]
        connections["default"].settings_dict[name] = database[name]
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = database["NAME"]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Leave the test database where it is: its server ends with the worker, whoever still has a session there."""
    return True


@pytest.fixture(autouse=True)
def _own_data_folder(settings: Settings, tmp_path: Path) -> None:
    # Tests read reports as they are now, however slow the machine is (the settings are read before this file).
    settings.REPORTS_KEPT = False
    # Else every test client would read all static files at its first request: longer than the request itself.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.API_RATE = None  # tests are quicker than any person
    settings.JOURNAL_WAKE = False  # tests drain when they want to, without a broker
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.GIT_MIRRORS_DIR = tmp_path / "mirrors"
    settings.FIELDLOOP_GIT_FILE_ROOTS = [tmp_path]


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request that spoke Norwegian would go on doing so in this thread's next test."""
    yield
    translation.deactivate()


@pytest.fixture
def drain(transactional_db: None) -> Callable[[], object]:
    """Runs every consumer of the journal until nothing is left to read."""
    from foundation.journal.consumers import drain

    return drain


@pytest.fixture
def cast(db: None, assembled: Assembled) -> Cast:
    """The small world of `tests/cast.py`, made through the actions (once a worker, then put back as it was)."""
    return assembled.give()


@pytest.fixture(scope="session")
def assembled() -> Assembled:
    """The cast as this worker assembled it."""
    from tests.snapshot import Assembled

    return Assembled()
