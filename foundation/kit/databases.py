"""What Django is told of its databases: the one that everything is kept in, and a copy to read from. Pure."""

from __future__ import annotations

from typing import Any

ENGINE = "django.db.backends.postgresql"


def databases_of(
    primary: dict[str, Any], replica: dict[str, Any] | None, *, pool: bool, pooler: bool, seconds: int
) -> dict[str, dict[str, Any]]:
    """Give Django's DATABASES from what the addresses say.

    `pool`: keep connections in a pool of this process, or else each for so many `seconds`. `pooler`: a PgBouncer stands
    between, of which not every version passes options on. `replica` is None where there is no copy.
    """
    options: dict[str, Any] = dict(primary.get("OPTIONS", {}))
    # Web processes pool; workers keep one connection (a pool's threads do not survive prefork).
    if pool:
        options["pool"] = {"min_size": 2, "max_size": 16}
    if not pooler:
        # A query of a ticket with all that it names joins ten tables. PostgreSQL weighs up to eight in every order,
        # which takes a hundred times as long as the answer; in the order in which a query names them they do as well.
        options.setdefault("options", "-c join_collapse_limit=6")
        # What `foundation.kit.asking` asks is planned once a connection.
        options.setdefault("prepare_threshold", 2)
    default = {
        **primary,
        "ENGINE": ENGINE,
        "CONN_MAX_AGE": 0 if pool else seconds,
        # A database that was started again costs nobody an error page.
        "CONN_HEALTH_CHECKS": True,
        **({"OPTIONS": options} if options else {}),
    }
    found = {"default": default}
    if replica is not None:
        found["replica"] = {**default, **replica, "ENGINE": ENGINE, "TEST": {"MIRROR": "default"}}
    return found
