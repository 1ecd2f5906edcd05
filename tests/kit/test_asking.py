"""Queries that are taken apart once give what the ORM gives, whatever is asked in between."""

from collections.abc import Collection
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from foundation.accounts.models import Membership
from foundation.journal.models import Entry
from foundation.kit import asking
from foundation.kit.asking import objects_of, rows_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _memberships(team: int, user: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, team=team).select_related("team", "user").defer("user__email")


def _names(prefix: str) -> QuerySet[Group, tuple[Any, ...]]:
    return Group.objects.filter(name__startswith=prefix).order_by("name").values_list("name")


def _groups() -> QuerySet[Group]:
    return Group.objects.order_by("name")


def _named(name: str) -> QuerySet[Group, tuple[Any, ...]]:
    return Group.objects.filter(name=name).values_list("pk", "name")


def _members(teams: Collection[int]) -> QuerySet[Membership, tuple[Any, ...]]:
    return Membership.objects.filter(team__in=teams).order_by("pk").values_list("user__username", "team__slug")


def _first_entry() -> QuerySet[Entry, tuple[Any, ...]]:
    return Entry.objects.order_by("id").values_list("kind", "data")[:1]


def _nothing(pk: int) -> QuerySet[Group]:
    return Group.objects.none().filter(pk=pk)


def test_objects_come_with_what_is_selected_along(cast: Cast, django_assert_num_queries: Any) -> None:
    for user, team in ((cast.olena, cast.north), (cast.ingrid, cast.oslo), (cast.olena, cast.north)):
        with django_assert_num_queries(1):
            (found,) = objects_of(_memberships, team.pk, key=user.pk)
            assert (found.user, found.team, found.team.name) == (user, team, team.name)
        assert found.user.get_deferred_fields() == {"email"}
        assert not found._state.adding
    assert objects_of(_memberships, cast.oslo.pk, key=cast.olena.pk) == []


def test_objects_may_be_all_there_are() -> None:
    for names in (["a"], ["a", "b"]):
        Group.objects.all().delete()
        Group.objects.bulk_create([Group(name=name) for name in names])
        assert [group.name for group in objects_of(_groups)] == names


def test_rows_follow_the_table_and_the_arguments() -> None:
    assert rows_of(_names, "a") == []
    Group.objects.bulk_create([Group(name=name) for name in ("ab", "aa", "b")])
    assert rows_of(_names, "a") == [("aa",), ("ab",)]
    assert rows_of(_names, "b") == [("b",)]


def test_a_key_may_be_any_text(django_assert_num_queries: Any) -> None:
    groups = [Group.objects.create(name=name) for name in ("front", "50 % off", "%s", "'; DROP TABLE x")]
    for group in groups:
        with django_assert_num_queries(1):
            assert rows_of(_named, key=group.name) == [(group.pk, group.name)]
    assert rows_of(_named, key="nobody") == []


def test_a_key_may_be_several_numbers(cast: Cast, django_assert_num_queries: Any) -> None:
    every: list[Collection[int]] = [[cast.north.pk], {cast.north.pk, cast.east.pk}, dict[int, int]().keys()]
    for teams in every:
        with django_assert_num_queries(1 if teams else 0):
            found = rows_of(_members, key=teams)
        assert found == list(_members(list(teams)))


def test_rows_have_the_values_of_their_fields(cast: Cast) -> None:
    ((name, data),) = rows_of(_first_entry)
    assert (name, data) == _first_entry().get()
    assert isinstance(data, dict)


def test_it_gives_the_same_whether_queries_are_logged_or_not(cast: Cast) -> None:
    keys = [cast.north.pk, cast.oslo.pk]
    with CaptureQueriesContext(connection) as logged:
        expected = [rows_of(_members, key=keys) for _ in range(4)]
    assert str(cast.north.pk) in logged[0]["sql"]
    assert [rows_of(_members, key=keys) for _ in range(4)] == expected
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%unnest($1%%'")
        assert cursor.fetchone() == (1,)


def test_a_query_that_can_find_nothing_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert objects_of(_nothing, key=1) == []


def test_a_query_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows_of(_names, "once")
    monkeypatch.setattr(asking, "_Query", None)
    assert rows_of(_names, "once") == []


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_ended_meanwhile_is_opened_anew() -> None:
    Group.objects.create(name="North")
    rows_of(_named, key="North")
    connection.connection.close()
    connection.health_check_enabled, connection.health_check_done = True, False  # type: ignore[attr-defined]  # as at a request's start
    assert [name for _pk, name in rows_of(_named, key="North")] == ["North"]
