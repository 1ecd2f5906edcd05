"""How fast facts are kept and reports are read: `python -m tests.bench.cycles [TICKETS …]`, beside their floors.

The floor of reports is DuckDB over the same facts as one Parquet file; both give the same figures, or the bench stops.
"""

from __future__ import annotations

import atexit
import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.entry import cpu_of, one_entry
from tests.bench.ground import database, paired, say, seconds

if TYPE_CHECKING:
    from tests.cast import Cast


COUNTS = (10_000, 100_000, 1_000_000)  # the last one takes eight minutes


def main(*counts: int) -> None:
    """Measure on so many tickets of two years, each count in a database and a process of its own."""
    if len(counts) != 1:
        for count in counts or COUNTS:
            done = subprocess.run([sys.executable, "-m", "tests.bench.cycles", str(count)], check=False)
            if done.returncode:
                sys.exit(done.returncode)
        return
    (count,) = counts
    with database() as folder:
        from django.db import connection

        from tests.bench import work, years

        began = time.perf_counter()
        cast = years.fill(count)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM journal_entry")
            entries = cursor.fetchone()[0]
        filled = time.perf_counter() - began
        sys.stdout.write(f"\n{count:,} tickets, {entries:,} entries ({entries / count:.1f} each) in {filled:.0f} s\n")
        sys.stdout.write("Aims are those of a million tickets.\n" if count != COUNTS[-1] else "")
        used = rebuilt(count) + work.rebuilt(count, cpu_of)
        say("full rebuild, of CPU", f"{count / used:,.0f} tickets/s", "10,000", f"{used / count * 1e6:.0f} µs")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        measured(count, cast, folder)


def measured(count: int, cast: Cast, folder: Path) -> None:
    """Measure everything that is read from facts, and one change of them."""
    from foundation.kit import clock
    from rnd.cycles.facts.columnar.loops import refresh_loops
    from rnd.cycles.facts.columnar.work import refresh_work
    from rnd.cycles.facts.spans import refresh_spans
    from tests.bench import dashboards, years

    with clock.at(years.START + timedelta(days=years.DAYS)):
        refresh_spans()
        refresh_loops()
        refresh_work()
        reports(cast, folder)
        forecasts()
        dashboards.measure(cast)
        # Behind all others: what filling has left to PostgreSQL to be written is written by now.
        one_entry(count)


def rebuilt(count: int) -> float:
    """Rebuild all loops, into empty tables: with all cores, and with one process; give its processors' seconds."""
    from django.db import connection

    from rnd.cycles.consumers import forget_facts
    from rnd.cycles.facts.columnar.loops import refresh_loops
    from rnd.cycles.facts.spans import refresh_spans
    from rnd.cycles.rebuilding.chunks import rebuild, ticket_chunks

    chunks = list(ticket_chunks())
    cores = os.cpu_count() or 1
    wall = seconds(lambda: list(rebuild(chunks, processes=cores)))
    say(f"rebuild of loops, {cores} processes", f"{count / wall:,.0f} tickets/s", "", f"{wall:.1f} s")
    forget_facts()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    before, here = cpu_of(backend), time.process_time()
    wall = seconds(lambda: list(rebuild(chunks, processes=1)))
    mine, server = time.process_time() - here, cpu_of(backend) - before
    say("rebuild of loops, one process", f"{count / wall:,.0f} tickets/s", "", f"{wall:.1f} s")
    parts = f"{mine / count * 1e6:.0f} + {server / count * 1e6:.0f} µs"
    say("  of CPU, here + in PostgreSQL", f"{count / (mine + server):,.0f} tickets/s", "", parts)
    say("weeks and months computed", "", "", f"{seconds(refresh_spans):.2f} s")
    say("columns of loops computed", "", "", f"{seconds(refresh_loops):.2f} s")
    return mine + server


DONE = "FROM loops WHERE excluded = '' AND finished_at IS NOT NULL"
QUANTILES = "quantile_disc({}, [0.5, 0.85, 0.95])"
STAGES = ("transit", "triage", "queue", "design", "build", "test", "release", "install", "verify")
# The days on which a loop came to each stage, and on which it finished.
DAYS = [f"day_{place}" for place in range(1, len(STAGES) + 2)]
NARROW = "AND severity = 'S2' AND component_id = {radio}"
TOTALS = f"SELECT count(*), {QUANTILES.format('total_us')} {DONE}"
# What DuckDB is asked, and how many times its time ours may be.
DUCK = {
    "percentiles by week, two years, unfiltered": (
        f"SELECT date_trunc('week', finished_at) AS week, count(*), {QUANTILES.format('total_us')} {DONE} GROUP BY 1",
        5,
    ),
    "percentiles of a severity and a component": (f"{TOTALS} {NARROW}", 2),
    "percentiles of a severity": (f"{TOTALS} AND severity = 'S2'", 2),
    "percentiles of a quarter": (
        f"{TOTALS} AND finished_at >= '{{since:%F %T}}' AND finished_at < '{{until:%F %T}}'",
        2,
    ),
    "percentiles of a field team": (f"{TOTALS} AND team_id = {{east}}", 2),
    "percentiles of a hardware revision": (f"{TOTALS} AND hardware_id = {{hardware}}", 2),
    "percentiles of a team, a component, a severity": (f"{TOTALS} AND team_id = {{east}} {NARROW}", 2),
    "percentiles by week, of a release": (
        (
            f"SELECT date_trunc('week', finished_at) AS week, count(*), {QUANTILES.format('total_us')} {DONE} "
            "AND fixed_by_id = 1 GROUP BY 1"
        ),
        2,
    ),
    "cumulative flow of a severity": (
        (
            f"SELECT day, place, count(*) FROM (SELECT unnest([{', '.join(DAYS)}]) AS day, "
            f"unnest(range({len(DAYS)})) AS place FROM loops WHERE excluded = '' AND severity = 'S2') "
            "WHERE day IS NOT NULL GROUP BY 1, 2"
        ),
        2,
    ),
    "percentiles of each stage, of a severity": (
        f"SELECT {', '.join(QUANTILES.format(f'{stage}_us') for stage in STAGES)} {DONE} AND severity = 'S2'",
        2,
    ),
    "sums by stage of a severity and a component": (
        f"SELECT count(*), sum(total_us), {', '.join(f'sum({stage}_us)' for stage in STAGES)} {DONE} {NARROW}",
        2,
    ),
    "histogram of a severity": (
        f"SELECT least(total_us // 86400000000, 40), count(*) {DONE} AND severity = 'S2' GROUP BY 1 ORDER BY 1",
        2,
    ),
}


def reports(cast: Cast, folder: Path) -> None:
    """Read each report and let DuckDB answer the same question from Parquet."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from foundation.accounts.actors import SYSTEM
    from foundation.kit import clock
    from rnd.cycles.analysis import flow, glance
    from rnd.cycles.analysis.finished import Finished
    from rnd.cycles.analysis.lives import lives
    from rnd.cycles.analysis.shape import histogram
    from rnd.cycles.filters import Filters
    from tests.bench import chosen, work

    duck = duckdb_over(folder, str(_zone(cast)))
    whole = Filters(programme=cast.programme.slug, zone=_zone(cast), by="week")
    severe = whole.but(severity="S2")
    narrow = severe.but(component=cast.radio.slug)
    quarter = whole.but(since=date(2025, 7, 1), until=date(2025, 9, 30))
    last = clock.now().date() - timedelta(days=1)  # of the last whole day, as forecasts have it
    ours: dict[str, Callable[[], Any]] = {
        "percentiles by week, two years, unfiltered": lambda: glance.trend(SYSTEM, whole),
        "percentiles of a severity and a component": lambda: Finished(SYSTEM, narrow).percentiles(),
        "percentiles of a severity": lambda: Finished(SYSTEM, severe).percentiles(),
        "percentiles of a quarter": lambda: Finished(SYSTEM, quarter).percentiles(),
        "percentiles of a field team": lambda: Finished(SYSTEM, whole.but(team=cast.east.slug)).percentiles(),
        "percentiles of a hardware revision": lambda: Finished(SYSTEM, whole.but(hardware=cast.rev_a.pk)).percentiles(),
        "percentiles of a team, a component, a severity": lambda: Finished(
            SYSTEM, narrow.but(team=cast.east.slug)
        ).percentiles(),
        "percentiles by week, of a release": lambda: Finished(SYSTEM, whole.but(release=1)).trend(),
        "cumulative flow of a severity": lambda: flow.cumulative_flow(SYSTEM, severe),
        "percentiles of each stage, of a severity": lambda: every_stage(Finished(SYSTEM, severe)),
        "sums by stage of a severity and a component": lambda: Finished(SYSTEM, narrow).sums,
        "histogram of a severity": lambda: histogram(SYSTEM, severe),
    }
    ends = [quarter.starts(day).astimezone(UTC) for day in (date(2025, 7, 1), date(2025, 10, 1))]
    values = {
        "radio": cast.radio.pk,
        "east": cast.east.pk,
        "hardware": cast.rev_a.pk,
        "since": ends[0],
        "until": ends[1],
    }
    for name, ask in ours.items():
        query, times = DUCK[name]
        query = query.format(**values)
        if query.startswith("SELECT count(*), quantile"):
            n, quantiles = duck.execute(query).fetchall()[0]
            found = ask()
            assert (found.n, [p.value for p in found.percentiles]) == (n, quantiles), (name, found, n, quantiles)
        mine, floor = paired(ask, partial(work.answers, duck, [query]))
        say(name, f"{mine * 1e3:.1f} ms", f"{floor * 1e3:.1f} ms", f"{mine / floor:.2f} times (aim {times})")
    work.measure(cast, duck, folder, whole)
    chosen.measure(lambda: lives(SYSTEM, severe, until=last), duck, last.toordinal())
    for name, ask, aim in (
        ("cumulative flow of two years", lambda: flow.cumulative_flow(SYSTEM, whole), "30 ms"),
        ("throughput of two years", lambda: flow.throughput(SYSTEM, whole), "10 ms"),
        ("trend by month", lambda: glance.trend(SYSTEM, whole.but(by="month")), "10 ms"),
    ):
        ask()
        with CaptureQueriesContext(connection) as asked:
            took = seconds(ask)
        sql = sum(float(query["time"]) for query in asked.captured_queries)
        say(name, f"{sql * 1e3:.0f} ms of SQL", aim, f"{took * 1e3:.0f} ms in all")


def every_stage(loops: Any) -> list[Any]:
    """Give the percentiles of each stage."""
    from rnd.cycles.models import STAGE_COLUMNS

    return list(loops.percentiles_of(list(STAGE_COLUMNS.values())).values())


def duckdb_over(folder: Path, zone: str) -> Any:
    """Write the facts that reports read as one Parquet file, and give DuckDB over it."""
    import duckdb
    from django.db import connection

    from rnd.cycles.models import STAGE_COLUMNS

    # Our processes leave what there is to the system when they end; DuckDB's bindings would print a page about that.
    atexit.unregister(gc.freeze)
    file, csv = folder / "loops.parquet", folder / "loops.csv"
    days = [f"reached[{place}]" for place in range(1, len(DAYS))] + ["finished_at"]
    came = ", ".join(f"({at} AT TIME ZONE '{zone}')::date AS {day}" for at, day in zip(days, DAYS, strict=True))
    columns = ["ticket_id", "moved_entries", "definition", "total_us", *STAGE_COLUMNS.values()]
    with (
        connection.cursor() as cursor,
        csv.open("wb") as out,
        cursor.copy(
            "COPY (SELECT finished_at AT TIME ZONE 'UTC' AS finished_at, excluded, severity, component_id, team_id, "
            f"hardware_id, fixed_by_id, modes_recorded, {came}, {', '.join(columns)} FROM cycles_loop) "
            "TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE (excluded))"
        ) as copy,
    ):
        for data in copy:
            out.write(data)
    types = dict.fromkeys(columns, "BIGINT") | {"finished_at": "TIMESTAMP", **dict.fromkeys(DAYS, "DATE")}
    duck = duckdb.connect()
    duck.execute(
        f"COPY (SELECT * FROM read_csv('{csv}', nullstr='', allow_quoted_nulls=false, types={types})) "
        f"TO '{file}' (FORMAT parquet)"
    )
    csv.unlink()
    duck.execute(f"CREATE VIEW loops AS SELECT * FROM '{file}'")
    return duck


def forecasts() -> None:
    """Forecast from ninety days, nothing remembered."""
    from random import Random

    from rnd.cycles.statistics import throughput
    from rnd.cycles.statistics.figures import P85

    chance = Random(1)
    days = tuple(chance.choice([0, 0, 1, 2, 3, 5, 8]) for _ in range(90))

    def when() -> None:
        throughput.until_done.cache_clear()
        throughput.until_done(days, 50, P85)

    say("forecast: when are these 50 done", f"{min(map(seconds, [when] * 5)) * 1e3:.1f} ms", "5 ms", "")
    many = min(seconds(lambda: throughput.by_date(days, 30, P85)) for _ in range(5))
    say("forecast: how many in 30 days", f"{many * 1e3:.1f} ms", "5 ms", "")


def _zone(cast: Cast) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(cast.programme.time_zone)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
