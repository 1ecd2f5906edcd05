"""Pages and API at 100,000 tickets, beside a bare Django view that sends the same SQL: `python -m tests.bench.web [N]`.

The floor answers each request from a view without middleware or templates that executes, by cursor, exactly the
statements that our page executed, and fetches their rows. Both are asked through Django's test client and handler, in
this process, without a network between, and without DEBUG.
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
    bare = Floor(statements).ask
    mine, theirs = ground.paired(lambda: [ours() for _ in range(BATCH)], lambda: [bare() for _ in range(BATCH)])
    ground.say(
        f"{name} ({len(statements)} statements)",
        f"{BATCH / mine:,.0f} req/s, {1000 * mine / BATCH:.1f} ms",
        f"{BATCH / theirs:,.0f} req/s",
        f"{theirs / mine:.2f} of the floor",
    )


class Floor:
    """A bare view that sends given statements, and a client that asks for it by a handler without middleware."""

    def __init__(self, statements: list[str]) -> None:
        from django.test import Client, override_settings
        from django.urls import clear_url_caches, path

        from rnd import urls

        own = {"BEGIN", "COMMIT"}
        skipped = ("SAVEPOINT", "RELEASE", "ROLLBACK")
        self.statements = [plain(sql) for sql in statements if sql not in own and not sql.startswith(skipped)]
        self.writes = any(sql.startswith("INSERT") for sql in self.statements)
        self.reported = client_uuid(self.statements)
        self.address = f"/floor/{id(self)}/"
        urls.urlpatterns.insert(0, path(self.address[1:], self.view))
        clear_url_caches()
        self.client = Client()
        with override_settings(MIDDLEWARE=[]):
            self.client.handler.load_middleware()

    def ask(self) -> Any:
        """Send one request."""
        response = self.client.get(self.address)
        assert response.status_code == 200
        return response

    def view(self, _request: Any) -> Any:
        """Execute the statements, in one transaction where they write, and fetch what they give."""
        from django.db import transaction
        from django.http import HttpResponse

        if not self.writes:
            return HttpResponse(f"{self.execute()} rows")
        with transaction.atomic():
            return HttpResponse(f"{self.execute()} rows")

    def execute(self) -> int:
        """Give the number of rows."""
        from django.db import connection

        rows, old, new = 0, self.reported, uuid4()
        with connection.cursor() as cursor:
            for sql in self.statements:
                if old is not None:
                    sql = sql.replace(str(old), str(new)).replace(old.hex, new.hex)  # noqa: PLW2901
                cursor.execute(sql)
                if cursor.description is not None:
                    rows += len(cursor.fetchall())
        return rows


def plain(sql: str) -> str:
    """Give the query itself, where it was captured as the declaration of a cursor."""
    return re.sub(r"^DECLARE .*? CURSOR .*?FOR ", "", sql)


def client_uuid(statements: list[str]) -> UUID | None:
    """Give the UUID under which the captured request reported, where it did: it may stand only once."""
    found = re.search(r"'uuid:([0-9a-f-]{36})'", " ".join(statements))
    return UUID(found[1]) if found else None


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
