"""A report that takes long is kept for a while and says as of when it is; a narrowed one is always made anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from foundation.accounts.actors import SYSTEM, Actor, actor_of
from foundation.kit import clock
from rnd.cycles import kept
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
