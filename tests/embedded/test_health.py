"""What load balancers and monitoring get."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from foundation.embedded import checks


@pytest.mark.django_db
def test_livez_looks_at_nothing_else(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-cache" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_what_does_not_answer(client: Client, settings: Settings) -> None:
    settings.EMBEDDED = True
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:1/0"
    response = client.get("/readyz")
    lines = response.content.decode().splitlines()
    assert response.status_code == 503
    assert lines[:3] == ["database: ok", "migrations: ok", "cache: ok"]
    assert lines[3].startswith("broker: The broker (BROKER_URL) does not answer: ")
    assert "secret" not in lines[3]


@pytest.mark.django_db
def test_readyz_tells_visitors_of_a_real_server_no_places(client: Client, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert "broker: not ready\n" in client.get("/readyz").content.decode()


@pytest.mark.django_db
def test_readyz_says_yes_when_everything_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checks.CHECKS, "broker", lambda: None)
    assert client.get("/readyz").status_code == 200


def test_a_cache_that_forgets_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "get", lambda key: None)
    with pytest.raises(checks.NotReady, match="does not keep"):
        checks.cache_answers()


@pytest.mark.django_db
def test_metrics_need_their_token(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 401
    settings.METRICS_TOKEN = "the-token"
    assert client.get("/metrics", headers={"Authorization": "Bearer guess"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer the-token"}).status_code == 200


@pytest.mark.django_db
def test_metrics_are_in_prometheus_format(client: Client, settings: Settings) -> None:
    settings.EMBEDDED = True
    lines = client.get("/metrics").content.decode().splitlines()
    assert "# TYPE fieldloop_up gauge" in lines
    assert 'fieldloop_up{service="database"} 1' in lines
    assert 'fieldloop_up{service="broker"} 0' in lines
    assert any(line.startswith("fieldloop_journal_last_entry ") for line in lines)
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    for line in lines:
        assert line.startswith("#") or float(line.rsplit(" ", 1)[1]) >= 0
