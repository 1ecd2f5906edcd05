"""The API keeps what its description promises: schemathesis asks everything, as each role, with real tokens."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from openapi_spec_validator import validate
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests

from foundation.accounts.models import Role
from rnd.wsgi import application
from tests.api.world import config_of, populated
from tests.cast import Cast

# Coverage tries every boundary of every parameter, once; the roles need only show that nothing else breaks.
EVERYTHING = "everything"
CALLERS = [EVERYTHING, *Role.values]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep Django from closing the test's own connection after each request, as its test client does."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("caller", CALLERS)
def test_every_answer_is_as_described(cast: Cast, caller: str) -> None:
    thorough = caller == EVERYTHING
    config = config_of(populated(cast), examples=8 if thorough else 4, coverage=thorough)
    token = cast.token(cast.arne if thorough else cast.user(Role(caller)))

    def ask(case: Any) -> None:
        with transaction.atomic():  # each request finds the world as it was
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
            transaction.set_rollback(True)

    load_all_checks()
    schema = schemathesis.openapi.from_wsgi(
        "/api/schema/?format=json", application, config=SchemathesisConfig.from_dict(config)
    )
    failures: list[str] = []
    # What `schema.parametrize()` does, but with one world for all operations instead of one for each.
    for found in get_all_tests(schema=schema, test_func=ask, settings=None, given_kwargs=None):
        assert isinstance(found, Ok), found
        operation, test = found.ok()
        try:
            test()
        except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001  # each operation is to have its say
            failures.append(f"{operation.label}\n{told(failure)}")
    assert not failures, "\n\n".join(failures)


def told(failure: BaseException) -> str:
    """Give what schemathesis says of a failure: what was wrong, and the request that shows it."""
    return str(getattr(failure, "message", "") or f"{type(failure).__name__}: {failure}")


def test_the_description_is_valid_openapi(client: Any) -> None:
    response = client.get("/api/schema/", {"format": "json"})
    assert response.status_code == 200
    validate(response.json())
