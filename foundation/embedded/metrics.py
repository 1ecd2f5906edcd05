"""The figures that an operator watches, in Prometheus' text format, read from the database at each scrape.

Read, not counted: web runs in several processes on several machines, and only the database knows all of it.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Max
from django.db.utils import Error as DatabaseError

from foundation.journal.models import Cursor, Entry, Parked
from foundation.journal.queries import lags
from foundation.kit import clock

from . import checks


@dataclass(frozen=True)
class Gauge:
    """One sample. `labels` are pairs of name and value."""

    name: str
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def text() -> str:
    """Give every figure; with a database that is down only that it is down."""
    gauges: list[Gauge] = []
    for name, check in checks.CHECKS.items():
        began = time.perf_counter()
        try:
            check()
            up = 1.0
        except checks.NotReady:
            up = 0.0
        label = (("service", name),)
        gauges.append(Gauge("fieldloop_up", "Whether a thing that Fieldloop stands on answers.", up, label))
        took = time.perf_counter() - began
        gauges.append(Gauge("fieldloop_check_seconds", "How long the check of it took.", took, label))
    with contextlib.suppress(DatabaseError):  # fieldloop_up says it
        gauges += _journal()
    return "".join(_lines(sorted(gauges, key=lambda gauge: gauge.name)))


def _journal() -> Iterator[Gauge]:
    last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
    yield Gauge("fieldloop_journal_last_entry", "The number of the newest entry of the journal.", last)
    parked = dict(Parked.objects.values_list("consumer").annotate(Count("id")))
    lag = lags()
    for cursor in Cursor.objects.order_by("consumer"):
        label = (("consumer", cursor.consumer),)
        behind = lag.get(cursor.consumer, 0)
        yield Gauge("fieldloop_consumer_entries_behind", "Entries that it has still to read.", behind, label)
        if cursor.moved_at is not None:
            still = (clock.now() - cursor.moved_at).total_seconds()
            yield Gauge("fieldloop_consumer_still_seconds", "Since it last moved its cursor.", still, label)
        count = parked.get(cursor.consumer, 0)
        yield Gauge(
            "fieldloop_consumer_parked", "Entries that it could not handle, or that wait behind one.", count, label
        )
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*), coalesce(extract(epoch FROM max(now() - xact_start)), 0) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        sessions, oldest = sql.fetchone()
    yield Gauge("fieldloop_database_sessions", "Connections to the database.", sessions)
    oldest_help = "Age of the oldest open transaction; it holds every consumer back."
    yield Gauge("fieldloop_database_oldest_transaction_seconds", oldest_help, float(oldest))


def _lines(gauges: Iterable[Gauge]) -> Iterator[str]:
    previous = ""
    for gauge in gauges:
        if gauge.name != previous:
            yield f"# HELP {gauge.name} {gauge.help}\n# TYPE {gauge.name} gauge\n"
            previous = gauge.name
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in gauge.labels)
        yield f"{gauge.name}{{{labels}}} {gauge.value:g}\n" if labels else f"{gauge.name} {gauge.value:g}\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
