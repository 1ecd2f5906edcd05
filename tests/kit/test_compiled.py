"""Queries built once answer as the ORM's own would."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.kit.compiled import Compiled

pytestmark = pytest.mark.django_db


def test_a_compiled_query_answers_for_each_value_as_the_orm_would() -> None:
    named = Compiled(lambda name: Group.objects.filter(name=name).values_list("pk", "name"), str)
    numbered = Compiled(lambda pk: Group.objects.filter(pk__gt=0, pk=pk).values_list("name"), int)
    groups = [Group.objects.create(name=name) for name in ("front", "50 % off", "%s", "'; DROP TABLE x")]
    for group in groups:
        assert named.rows(group.name) == [(group.pk, group.name)]
        assert numbered.rows(group.pk) == [(group.name,)]
    assert named.rows("nobody") == []


def test_it_is_built_once() -> None:
    built = 0

    def build(name: object) -> object:
        nonlocal built
        built += 1
        return Group.objects.filter(name=name).values_list("pk")

    compiled = Compiled(build, str)  # type: ignore[arg-type]  # a QuerySet, told as less
    with CaptureQueriesContext(connection) as captured:
        compiled.rows("a")
        compiled.rows("b")
    assert (built, len(captured)) == (1, 2)


def test_a_query_without_a_place_for_the_value_is_refused() -> None:
    with pytest.raises(ValueError, match="stands nowhere"):
        Compiled(lambda _value: Group.objects.filter(pk=1).values_list("pk"), int).rows(1)
