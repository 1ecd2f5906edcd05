"""Pages on the screen: bounded, one query each, and they do not count."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory

from foundation.kit.paging import page_of

pytestmark = pytest.mark.django_db


def page(asked: str, django_assert_num_queries: Any) -> Any:
    with django_assert_num_queries(1):
        return page_of(Group.objects.order_by("pk"), RequestFactory().get("/", {"page": asked}), size=2)


def test_pages_follow_each_other(django_assert_num_queries: Any) -> None:
    Group.objects.bulk_create(Group(name=f"g{n}") for n in range(3))
    first, second = page("1", django_assert_num_queries), page("2", django_assert_num_queries)
    assert [group.name for group in (*first.rows, *second.rows)] == ["g0", "g1", "g2"]
    assert (first.has_previous, first.has_next, first.next_number) == (False, True, 2)
    assert (second.has_previous, second.has_next, second.previous_number) == (True, False, 1)


@pytest.mark.parametrize("asked", ["0", "-1", "x", "", "٣", "99999999999999999999"])
def test_nonsense_is_the_first_page(asked: str, django_assert_num_queries: Any) -> None:
    assert page(asked, django_assert_num_queries).number == 1
