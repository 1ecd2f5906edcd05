"""What the pager component shows: the neighbouring pages of a numbered page or of a cursor page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Pager:
    """Addresses of the neighbours (empty: there is none) and, where it is known, which items are shown."""

    previous_url: str = ""
    next_url: str = ""
    first: int | None = None
    last: int | None = None
    total: int | None = None

    @property
    def needed(self) -> bool:
        """False when everything fits on one page."""
        return bool(self.previous_url or self.next_url)


def pager_of(page: Any, request: HttpRequest | None) -> Pager:
    """Read a `foundation.kit.paging.Page`, a Django `Page`, or anything with `next_cursor`/`previous_cursor`
    (opaque strings) or with `next_url`/`previous_url` (addresses)."""
    if page is None or isinstance(page, Pager):
        return page or Pager()
    if hasattr(page, "has_other_pages"):
        return Pager(
            _url(request, "page", page.previous_page_number()) if page.has_previous() else "",
            _url(request, "page", page.next_page_number()) if page.has_next() else "",
            page.start_index(),
            page.end_index(),
            page.paginator.count,
        )
    if hasattr(page, "next_number"):
        return Pager(
            _url(request, "page", page.previous_number) if page.has_previous else "",
            _url(request, "page", page.next_number) if page.has_next else "",
        )
    if hasattr(page, "next_url"):
        return Pager(page.previous_url or "", page.next_url or "")
    following = getattr(page, "next_cursor", None)
    before = getattr(page, "previous_cursor", None)
    return Pager(
        _url(request, "cursor", before) if before else "",
        _url(request, "cursor", following) if following else "",
        total=getattr(page, "total", None),
    )


def _url(request: HttpRequest | None, name: str, value: object) -> str:
    query = request.GET.copy() if request is not None else None
    if query is None:
        return f"?{name}={value}"
    for other in ("page", "cursor"):
        query.pop(other, None)
    query[name] = str(value)
    return f"?{query.urlencode()}"
