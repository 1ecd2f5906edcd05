"""The story of a subject, newest first for people, in order for machines."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from foundation.journal.queries import activity, entries_of
from tests.journal.things import LAMP, RADIO, ROTOR, move, note

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_activity_merges_subjects_by_when_it_happened(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    lamp = note(LAMP, occurred_at=NOON)
    radio = note(RADIO, occurred_at=NOON + timedelta(hours=2))
    told_late = note(LAMP, occurred_at=NOON - timedelta(days=2))
    same_moment = note(RADIO, occurred_at=NOON)
    note(ROTOR, occurred_at=NOON)
    with django_assert_num_queries(1):
        found = activity(subjects=[("thing", LAMP.pk), ("thing", RADIO.pk), ("thing", LAMP.pk)])
    assert [entry.id for entry in found] == [radio.id, same_moment.id, lamp.id, told_late.id]
    newest = activity(subjects=[("thing", LAMP.pk), ("thing", RADIO.pk)], limit=2)
    assert [entry.id for entry in newest] == [radio.id, same_moment.id]


def test_without_subjects_there_is_no_activity(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert activity(subjects=[]) == []


def test_entries_of_a_subject_come_in_the_order_of_recording() -> None:
    first, second = note(LAMP, occurred_at=NOON), note(LAMP, occurred_at=NOON - timedelta(days=1))
    moved = move(LAMP, "shelf")
    note(RADIO)
    assert [entry.id for entry in entries_of(("thing", LAMP.pk))] == [first.id, second.id, moved.id]
    assert [entry.id for entry in entries_of(("thing", LAMP.pk), kinds=["thing.moved"])] == [moved.id]
