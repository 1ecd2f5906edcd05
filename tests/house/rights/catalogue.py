"""Rows of the catalogue."""

from collections.abc import Callable

from tests.house.rights import Cast, Role, Row

ADMIN = {Role.ADMIN}
PARTNER = {Role.PARTNER}


def slug_of(attribute: str) -> Callable[[Cast], dict[str, object]]:
    return lambda cast: {"slug": getattr(cast, attribute).slug}


def revision(cast: Cast) -> dict[str, object]:
    return {"pk": cast.rev_a.pk}


def team(cast: Cast) -> dict[str, object]:
    return {"slug": cast.programme.slug, "team_slug": cast.north.slug}


def _administered(route: str, attribute: str = "") -> list[Row]:
    kwargs = {"kwargs": slug_of(attribute)} if attribute else {}
    return [Row(f"catalogue:{route}", method, may=ADMIN, **kwargs) for method in ("GET", "POST")]  # type: ignore[arg-type]  # as Row has it


ROWS: list[Row] = [
    Row("catalogue:catalogue", may=set(Role) - PARTNER),
    *_administered("programme_add"),
    *_administered("platform_add"),
    *_administered("component_add"),
    *_administered("programme", "programme"),
    *_administered("platform", "platform"),
    *_administered("component", "autopilot"),
    Row("catalogue:revision", kwargs=revision, may=ADMIN),
    Row("catalogue:revision", "POST", kwargs=revision, may=ADMIN, data=lambda cast: {"name": "C"}),
    Row("catalogue:revision_add", "POST", kwargs=slug_of("platform"), may=ADMIN, data=lambda cast: {"name": "C"}),
    Row("catalogue:team_join", "POST", kwargs=slug_of("programme"), may=ADMIN),
    Row("catalogue:team_leave", "POST", kwargs=team, may=ADMIN),
    Row("programme-list"),
    Row("programme-detail", kwargs=slug_of("programme"), hidden_from=PARTNER),
    Row("platform-list"),
    Row("platform-detail", kwargs=slug_of("platform"), hidden_from=PARTNER),
    Row("component-list"),
    Row("component-detail", kwargs=slug_of("autopilot"), hidden_from=PARTNER),
    Row("hardware-list"),
    Row("hardware-detail", kwargs=revision, hidden_from=PARTNER),
]
