"""With a second database, reports are read there and nothing is written there: only this one has the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from foundation.kit.replicas import REPLICA
from rnd.cycles.consumers import forget_facts
from rnd.cycles.facts.columnar.loops import refresh_loops
from rnd.cycles.facts.spans import refresh_spans
from rnd.cycles.models import Loop
from rnd.cycles.pages import PAGES, page_url
from tests.cast import Cast
from tests.cycles.world import project, random_loops

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def replica(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Copy the database with its facts, refuse writes to the copy, and forget the facts in the first one."""
    random_loops(cast, 41, 60)
    project()
    refresh_spans()
    refresh_loops()
    finished = Loop.objects.finished().count()
    name = f"{connection.settings_dict['NAME']}_replica"
    told: dict[str, Any] = {**settings.DATABASES["default"], **connection.settings_dict, "NAME": name}
    address = connection.get_connection_params()
    here = psycopg.conninfo.make_conninfo(
        host=address["host"], port=address["port"], user=address["user"], password=address["password"]
    )
    source, copy = sql.Identifier(str(address["dbname"])), sql.Identifier(name)
    connections.close_all()
    with psycopg.connect(here, dbname="postgres", autocommit=True) as other:
        # A live server's threads of an earlier test may still hold their connections.
        ours = (
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
        )
        other.execute(ours, [address["dbname"]])
        other.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, source))
        other.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(copy))
        forget_facts()
        monkeypatch.setitem(settings.DATABASES, REPLICA, told)
        connections[REPLICA].connect()  # by itself Django's tests would refuse a database that they did not make
        yield finished
        connections[REPLICA].close()
        del connections[REPLICA]
        other.execute(sql.SQL("DROP DATABASE {}").format(copy))


def test_every_report_is_read_from_the_replica(cast: Cast, replica: int) -> None:
    assert replica > 10
    assert not Loop.objects.exists()
    client, query = cast.client_of("ingrid"), f"programme={cast.programme.slug}"
    for page in PAGES.values():
        for narrowed in ("", "&severity=S2", f"&team={cast.north.slug}", "&since=2020-01-01&by=week"):
            assert client.get(f"{page_url(page.slug)}?{query}{narrowed}").status_code == 200, page.slug
    api = cast.api_client_of("ingrid")
    assert api.get(f"/api/v1/cycles/reports/glance/?{query}").json()["n"] == replica
    flow = api.get(f"/api/v1/cycles/reports/flow/?{query}").json()
    figures = {one["key"]: one["value"] for one in flow["sections"][0]["figures"]}
    assert figures["arrived"] > figures["finished"] > 10
    trend = api.get(f"/api/v1/cycles/reports/times/?{query}").json()["sections"][-1]["table"]["rows"]
    assert sum(row["values"][3] for row in trend) == replica


def test_the_tickets_behind_a_figure_are_read_from_the_replica(cast: Cast, replica: int) -> None:
    page = cast.client_of("ingrid").get("/reports/tickets/")
    assert len(page.context["listing"].rows) > 10
    assert all(row.strip for row in page.context["listing"].rows)


def test_what_is_written_goes_to_the_first_database(cast: Cast, replica: int) -> None:
    project()
    random_loops(cast, 42, 5)
    project()
    refresh_spans()
    refresh_loops()
    assert Loop.objects.exists()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cycles_loop WHERE excluded = '' AND finished_at IS NOT NULL")
        assert cursor.fetchone() == (replica,)
