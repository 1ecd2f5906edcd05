"""A report that takes long is kept for a while and says as of when it is; a narrowed one is always made anew."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from foundation.accounts.actors import SYSTEM, Actor, actor_of
from foundation.kit import clock
from rnd.cycles import kept, recipes
from rnd.cycles.actions import set_baseline, set_service_level
from rnd.cycles.documents import Document
from rnd.cycles.filters import Filters
from rnd.cycles.pages import PAGES
from tests.cast import Cast
from tests.cycles.world import DAY0

pytestmark = pytest.mark.django_db
LATER = DAY0 + timedelta(hours=1)


@pytest.fixture(autouse=True)
def slow(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REPORTS_KEPT = True
    monkeypatch.setattr(kept, "WORTH", 0)
    cache.clear()


def read(actor: Actor, **filters: Any) -> Document:
    return kept.kept_document(PAGES["glance"], actor, Filters(**filters), {}, [])


def test_a_slow_report_is_read_as_of_when_it_was_made(cast: Cast) -> None:
    manager = actor_of(cast.ingrid)
    with clock.at(DAY0):
        first = read(manager)
    with clock.at(LATER):
        assert read(manager) == first
        assert read(manager, severity="S1").as_of == LATER
        assert read(manager, programme=cast.programme.slug).as_of == LATER
        assert read(actor_of(cast.olena)).as_of == LATER
        assert read(SYSTEM).as_of == LATER


@pytest.mark.parametrize("verb", ["promise", "baseline"])
def test_a_new_promise_or_baseline_is_seen_at_once(
    cast: Cast, verb: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    manager, programme = actor_of(cast.solveig), cast.programme
    with clock.at(DAY0):
        read(manager)
    with clock.at(LATER):
        assert read(manager).as_of == DAY0
        with django_capture_on_commit_callbacks(execute=True):
            if verb == "promise":
                set_service_level(actor=manager, programme=programme, severity="S1", days=20)
            else:
                set_baseline(actor=manager, programme=programme, first=DAY0.date(), last=DAY0.date())
        assert read(manager).as_of == LATER


def test_what_a_version_with_other_parts_kept_is_not_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.at(DAY0):
        read(actor_of(cast.ingrid))
    monkeypatch.setattr(recipes, "SHAPE", "another")
    with clock.at(LATER):
        assert read(actor_of(cast.ingrid)).as_of == LATER


def test_a_quick_report_is_as_of_now(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WORTH", 3600)
    for moment in (DAY0, LATER):
        with clock.at(moment):
            assert read(actor_of(cast.ingrid)).as_of == moment


def test_what_was_read_lately_is_put_together_anew_before_anybody_waits(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = actor_of(cast.ingrid)
    with clock.at(DAY0):
        first = read(manager)
    assert kept.keep_fresh() == 0
    monkeypatch.setattr(kept, "TIMES", 0)
    with clock.at(DAY0):
        cache.clear()
        first = read(manager)
    with clock.at(LATER):
        assert kept.keep_fresh() == 1
        fresh = read(manager)
    assert fresh.as_of == LATER
    assert fresh.sections == first.sections


def test_what_nobody_reads_any_more_is_not_kept_fresh(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "READ_WITHIN", 0)
    read(actor_of(cast.ingrid))
    assert kept.keep_fresh() == 0


def test_who_sees_other_programmes_reads_another_report(cast: Cast) -> None:
    manager = actor_of(cast.ingrid)
    (standing,) = manager.standings[:1]
    elsewhere = Actor("user", 99, "X", (type(standing)(standing.role, 0, "", frozenset({10**6})),))
    with clock.at(DAY0):
        read(manager)
    with clock.at(LATER):
        assert read(elsewhere).as_of == LATER


def opened(client: Client, address: str = "/reports/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_page_is_drawn_once_and_each_reader_gets_the_own_token(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    readers = [Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)]
    for reader in readers:
        reader.force_login(cast.ingrid)
    with clock.at(DAY0):
        first = opened(readers[0])
    monkeypatch.setattr("rnd.cycles.views.form_of", None)  # nothing is put together any more
    with clock.at(LATER), django_assert_num_queries(3):
        second = opened(readers[1])
    fields = [re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', text) for text in (first, second)]
    assert fields[0]
    assert not set(fields[0]) & set(fields[1])
    assert re.sub(r"\w{64}", "", first) == re.sub(r"\w{64}", "", second)
    saved = readers[1].post(
        "/reports/saved/add/", {"report": "glance", "query": "", "name": "Mine", "csrfmiddlewaretoken": fields[1][-1]}
    )
    assert saved.status_code == 302


def test_what_could_not_be_saved_is_drawn_for_one_reader_only(cast: Cast) -> None:
    clients = [cast.client_of("ingrid"), cast.client_of("kari")]
    with clock.at(DAY0):
        refused = clients[0].post("/reports/saved/add/", {"report": "glance", "query": "", "name": ""})
        assert refused.status_code == 422
        assert b"field-errors" in refused.content
        for client in clients:
            assert "field-errors" not in opened(client)


def test_readers_in_another_zone_or_language_get_their_own_drawing(cast: Cast) -> None:
    client = cast.client_of("ingrid")
    found = set()
    for zone, language in (("Europe/Kyiv", "en"), ("Europe/Oslo", "en"), ("Europe/Oslo", "nb")):
        type(cast.ingrid).objects.filter(pk=cast.ingrid.pk).update(time_zone=zone, language=language)
        with clock.at(DAY0):
            found.add(re.search(r"<time[^>]*>[^<]*</time>", opened(client).split("data-colophon")[1])[0])  # type: ignore[index]
            assert kept.drawn_before(PAGES["glance"], actor_of(cast.ingrid), "spelt=otherwise") is None
    assert len(found) == 3


def test_a_report_that_is_quick_to_read_and_slow_to_draw_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(_documents: object) -> dict[str, object]:
        time.sleep(0.3)
        return {}

    monkeypatch.setattr(kept, "WORTH", 0.3)
    monkeypatch.setattr("rnd.cycles.views.charts_of", slowly)
    client = cast.client_of("ingrid")
    with clock.at(DAY0):
        first = opened(client)
    with clock.at(LATER):
        assert re.sub(r"\w{64}", "", opened(client)) == re.sub(r"\w{64}", "", first)
        assert read(actor_of(cast.ingrid)).as_of == DAY0
