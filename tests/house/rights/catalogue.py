"""Rows of the catalogue."""

from collections.abc import Callable

from tests.house.rights import Cast, Role, Row

PARTNER = {Role.PARTNER}


def slug_of(attribute: str) -> Callable[[Cast], dict[str, object]]:
    return lambda cast: {"slug": getattr(cast, attribute).slug}


def revision(cast: Cast) -> dict[str, object]:
    return {"pk": cast.rev_a.pk}


ROWS: list[Row] = [
    Row("programme-list"),
    Row("programme-detail", kwargs=slug_of("programme"), hidden_from=PARTNER),
    Row("platform-list"),
    Row("platform-detail", kwargs=slug_of("platform"), hidden_from=PARTNER),
    Row("component-list"),
    Row("component-detail", kwargs=slug_of("autopilot"), hidden_from=PARTNER),
    Row("hardware-list"),
    Row("hardware-detail", kwargs=revision, hidden_from=PARTNER),
]
