"""Pages and API at 100,000 tickets, beside a bare Django view that sends the same SQL: `python -m tests.bench.web [N]`.

The floor answers each request from a view without middleware or templates that executes, by cursor, exactly the
statements that our page executed, and fetches their rows. Both run in this process, without a network between.
"""

import re
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from tests.bench import ground

BATCH = 20  # requests a round
AIM = "aim: at least half the floor's throughput"


def main(count: int = 100_000) -> None:
    """Fill the database, then measure."""
    with ground.database():
        from tests.bench.crowd import fill

        world = fill(count)
        sys.stdout.write(f"{count:,} tickets; requests per second, one after another. {AIM}.\n")
        for name, ours in world.requests().items():
            measure(name, ours)


def measure(name: str, ours: Callable[[], Any]) -> None:
    """Print throughput of one request beside its floor's."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ours()
    with CaptureQueriesContext(connection) as captured:
        ours()
    statements = [query["sql"] for query in captured.captured_queries]
    bare = bare_view(statements)
    mine, theirs = ground.paired(lambda: [ours() for _ in range(BATCH)], lambda: [bare() for _ in range(BATCH)])
    ground.say(
        f"{name} ({len(statements)} statements)",
        f"{BATCH / mine:,.0f} req/s",
        f"{BATCH / theirs:,.0f} req/s",
        f"{theirs / mine:.2f} of the floor",
    )


def bare_view(statements: list[str]) -> Callable[[], Any]:
    """Give a request to a bare view that sends these statements; what writes is rolled back at the end."""
    from django.db import connection, transaction
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory

    reading = [plain(sql) for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
    request, old = RequestFactory().get("/"), client_uuid(reading)

    def view(_request: HttpRequest) -> HttpResponse:
        rows, new = 0, uuid4()
        with connection.cursor() as cursor:
            for sql in reading:
                if sql in {"BEGIN", "COMMIT"}:
                    continue
                if old is not None:
                    sql = sql.replace(str(old), str(new)).replace(old.hex, new.hex)  # noqa: PLW2901
                cursor.execute(sql.replace("%", "%%"), [])
                if cursor.description is not None:
                    rows += len(cursor.fetchall())
        return HttpResponse(f"{rows} rows")

    def ask() -> HttpResponse:
        with transaction.atomic():
            return view(request)

    writes = any(sql.startswith("INSERT") for sql in reading)
    return ask if writes else lambda: view(request)


def plain(sql: str) -> str:
    """Give the query itself, where it was captured as the declaration of a cursor."""
    return re.sub(r"^DECLARE .*? CURSOR .*?FOR ", "", sql)


def client_uuid(statements: list[str]) -> UUID | None:
    """Give the UUID under which the captured request reported, where it did: it may stand only once."""
    found = re.search(r"'uuid:([0-9a-f-]{36})'", " ".join(statements))
    return UUID(found[1]) if found else None


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
