"""Pages of a list on the screen: by number, and bounded, so that no address asks for the millionth row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

T = TypeVar("T")
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list. It knows whether there are more, but not how many: counting 100,000 rows is slow."""

    rows: tuple[T, ...]
    number: int
    size: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Tell whether there are rows before these."""
        return self.number > 1

    @property
    def is_whole(self) -> bool:
        """Tell whether these are all rows there are."""
        return self.number == 1 and not self.has_next

    @property
    def next_number(self) -> int:
        """Give the number of the page after this one."""
        return self.number + 1

    @property
    def previous_number(self) -> int:
        """Give the number of the page before this one."""
        return self.number - 1

    @classmethod
    def of(cls, rows: Iterable[T], number: int, size: int) -> "Page[T]":
        """Give the page with this number from its rows, of which one more than `size` was asked for."""
        found = tuple(rows)
        return cls(found[:size], number, size, has_next=len(found) > size and number < MOST_PAGES)


def page_number(request: HttpRequest) -> int:
    """Give the number that `?page=` names; where it is out of bounds, the nearest that there can be."""
    asked = request.GET.get("page", "1")
    return min(max(int(asked), 1), MOST_PAGES) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def page_of(queryset: QuerySet[Any, T], request: HttpRequest, *, size: int = 50) -> Page[T]:
    """Give the page that `?page=` names, with one query."""
    number = page_number(request)
    start = (number - 1) * size
    return Page.of(queryset[start : start + size + 1], number, size)
