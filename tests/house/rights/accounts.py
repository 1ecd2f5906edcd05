"""Rows of people, teams and tokens."""

from tests.house.rights import Cast, Role, Row


def north(cast: Cast) -> dict[str, object]:
    return {"slug": cast.north.slug}


ROWS: list[Row] = [
    Row("me-list"),
    Row("team-list"),
    Row("team-detail", kwargs=north, hidden_from={Role.PARTNER}),
]
