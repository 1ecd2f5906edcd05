"""Asks the whole API through schemathesis, in-process, as some callers; every request is rolled back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import schemathesis
from django.core import signals
from django.db import close_old_connections
from django.test import Client
from schemathesis.checks import load_all_checks
from schemathesis.config import ProjectConfig, SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.specs.openapi.checks import ignored_auth

from rnd.wsgi import application
from tests.api.world import config_of, populated
from tests.asking import one_world, told_of_faults_only
from tests.cast import Cast

# The pieces of an upload (tus) are plain bytes under a name of their own.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schemathesis.serializer.alias("application/x-tar", "application/octet-stream")


def failures_of(cast: Cast, tokens: Mapping[str, str], *, examples: int, coverage: bool) -> list[str]:
    """Give what schemathesis finds wrong with each operation: all its checks, on so many examples.

    Each example is asked as everybody in `tokens`, by name: to make one takes longer than to ask. `coverage` tries
    every boundary of every parameter besides.
    """
    config = SchemathesisConfig.from_dict(config_of(populated(cast), examples=examples, coverage=coverage))
    guarded: set[str] = set()  # operations that were seen to refuse those without a token, whoever else asks

    def ask(case: Any) -> None:
        wrong = []
        for name, token in tokens.items():
            seen = [ignored_auth] if case.operation.label in guarded else []
            try:
                with restored():  # each request finds the world as it was
                    answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=seen)
            except FailureGroup as failure:
                wrong.append(f"as {name}: {failure.message}")
            else:
                if answer.status_code < 300 and not case.meta.is_negative_at(ParameterLocation.PATH):
                    guarded.add(case.operation.label)
        assert not wrong, "\n".join(wrong)

    load_all_checks()
    failures: list[str] = []
    schema = schemathesis.openapi.from_dict(description(), config=config)
    schema.app = application
    for token in tokens.values():  # that it was used is written down now, and then for an hour no more
        Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"})
    with one_connection(), one_world() as restored, told_of_faults_only(), looked_up_once():
        # What `schema.parametrize()` does, but with one world for all operations instead of one for each.
        for found in get_all_tests(schema=schema, test_func=ask, settings=None, given_kwargs=None):
            assert isinstance(found, Ok), found
            operation, test = found.ok()
            try:
                test()
            except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001  # each operation is to have its say
                failures.append(f"{operation.label}\n{type(failure).__name__}: {failure}")
    return failures


@cache
def description() -> dict[str, Any]:
    """Give the API's description, made once for all callers: it is the same for each."""
    found: dict[str, Any] = Client().get("/api/schema/?format=json").json()
    return found


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep Django from closing the test's own connection after each request, as its test client does."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@contextmanager
def looked_up_once() -> Iterator[None]:
    """Remember schemathesis's settings of each operation: it would put them together for every answer, twice."""
    known: dict[tuple[int, str | None, str | None], Any] = {}
    put_together = ProjectConfig.checks_config_for

    def remembered(config: ProjectConfig, *, operation: Any = None, phase: str | None = None) -> Any:
        key = (id(config), operation and operation.label, phase)
        if key not in known:
            known[key] = put_together(config, operation=operation, phase=phase)
        return known[key]

    with patch.object(ProjectConfig, "checks_config_for", remembered):
        yield
