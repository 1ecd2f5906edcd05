"""Reports over tasks, over data quality and over the stages of everything, beside DuckDB with the same question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.bench.ground import paired, say, seconds

if TYPE_CHECKING:
    from rnd.cycles.filters import Filters
    from tests.cast import Cast

_STAGES: Final = "kind IN ('design', 'build', 'test')"
_P: Final = "[0.5, 0.85, 0.95]"
_BAND: Final = ("transit", "triage", "queue", "design", "build", "test", "release", "install", "verify")
# The tables of the engineering report, over the parts that `{which}` lets through. (DuckDB's min(x, n) gives the n
# least values: like us it names the first 300 tasks.)
ENGINEERING: Final = (
    "SELECT count(*) FROM parts WHERE kind = 'task' {tasks}",
    f"SELECT team_id, count(DISTINCT task_id), min(task_id, 300) FROM parts WHERE {_STAGES} {{which}} GROUP BY 1",
    (
        f"SELECT team_id, kind, count(*), sum(us), sum(active_us), sum(waiting_us), sum(blocked_us), "
        f"quantile_disc(us, {_P}), min(task_id, 300) FROM parts WHERE {_STAGES} {{which}} GROUP BY 1, 2 ORDER BY 1, 2"
    ),
    (
        f"SELECT team_id, other_id, count(*), count(us), sum(us), quantile_disc(us, {_P}), min(task_id, 300) "
        "FROM parts WHERE kind = 'handed' {which} GROUP BY 1, 2"
    ),
    (
        "SELECT reason, sum(epoch_us(least(coalesce(until, '{end}'), TIMESTAMP '{end}')) "
        "- epoch_us(greatest(moment, TIMESTAMP '{begin}'))), "
        "count(DISTINCT task_id), min(task_id, 300) FROM parts WHERE kind = 'blocked' AND moment < '{end}' "
        "AND (until IS NULL OR until > '{begin}') {tasks} GROUP BY 1"
    ),
)
QUALITY: Final = (
    (
        "SELECT excluded, count(*), sum(moved_entries), count(*) FILTER (WHERE moved_entries > 0), "
        "count(*) FILTER (WHERE excluded = '' AND finished_at IS NOT NULL AND NOT modes_recorded), "
        "count(*) FILTER (WHERE definition <> 1) FROM loops GROUP BY 1"
    ),
    "SELECT id FROM tickets ANTI JOIN loops ON ticket_id = id ORDER BY 1 DESC LIMIT 100",
)
WHERE_TIME_GOES: Final = (
    "SELECT count(*), sum(total_us), " + ", ".join(f"sum({stage}_us), count({stage}_us)" for stage in _BAND)
    + " FROM loops WHERE excluded = '' AND finished_at IS NOT NULL",
    "SELECT " + ", ".join(f"quantile_disc({stage}_us, {_P})" for stage in _BAND)
    + " FROM loops WHERE excluded = '' AND finished_at IS NOT NULL",
    "SELECT " + ", ".join(f"sum({stage}_us)" for stage in _BAND) + " FROM (SELECT *, row_number() OVER (ORDER BY "
    "total_us, ticket_id) AS r, count(*) OVER () AS n FROM loops WHERE excluded = '' AND finished_at IS NOT NULL) "
    "WHERE r BETWEEN ceil(n * 0.8) AND ceil(n * 0.9)",
    ("SELECT stage, mode, sum(us) FROM segments SEMI JOIN (SELECT ticket_id FROM loops WHERE excluded = '' AND "
    "finished_at IS NOT NULL) AS done USING (ticket_id) GROUP BY 1, 2"),
)  # fmt: skip


def measure(cast: Cast, duck: Any, folder: Path, whole: Filters) -> None:
    """Print how long each report takes beside DuckDB's answers to the same questions, asked one after the other."""
    from foundation.accounts.actors import SYSTEM
    from foundation.kit import clock
    from rnd.cycles.analysis.quality import quality
    from rnd.cycles.analysis.stages import where_time_goes
    from rnd.cycles.analysis.work import work
    from rnd.cycles.statistics.figures import FEWEST

    export(duck, folder)
    begin, end = "1970-01-01", f"{clock.now().astimezone(UTC):%F %T}"
    quarter = whole.but(since=date(2025, 7, 1), until=date(2025, 9, 30))
    ends = [f"{quarter.starts(day).astimezone(UTC):%F %T}" for day in (date(2025, 7, 1), date(2025, 10, 1))]
    radio = f"AND component_id = {cast.radio.pk}"
    severe = "AND task_id IN (SELECT task_id FROM links JOIN loops USING (ticket_id) WHERE severity = 'S2')"
    for name, filters, tasks, (since, until) in (
        ("engineering", whole, "", (begin, end)),
        ("engineering of a component", whole.but(component=cast.radio.slug), radio, (begin, end)),
        ("engineering of a quarter", quarter, "", (ends[0], ends[1])),
        ("engineering of a severity", whole.but(severity="S2"), severe, (begin, end)),
    ):
        which = f"{tasks} AND moment >= '{since}' AND moment < '{until}'"
        asked = [query.format(tasks=tasks, which=which, begin=since, end=until) for query in ENGINEERING]
        found, told = work(SYSTEM, filters), answers(duck, asked)
        assert found.tasks == told[0][0][0], (name, found.tasks, told[0])
        ours = [(s.team_id or 0, s.stage, s.n, s.sum_us, [p.value for p in s.percentiles]) for s in found.by_team]
        # DuckDB does not hide what we do.
        theirs = [(*row[:4], row[7] if row[2] >= FEWEST else [None] * 3) for row in told[2]]
        assert sorted(ours) == sorted(theirs), (name, ours, theirs)
        beside(name, partial(work, SYSTEM, filters), duck, asked)
    beside("data quality", partial(quality, SYSTEM, whole), duck, QUALITY)
    beside("where the time goes", partial(where_time_goes, SYSTEM, whole), duck, WHERE_TIME_GOES)


def answers(duck: Any, asked: Iterable[str]) -> list[list[Any]]:
    """Give DuckDB's answers to some questions, asked one after the other."""
    return [duck.execute(query).fetchall() for query in asked]


def beside(name: str, ours: Callable[[], Any], duck: Any, asked: Any) -> None:
    """Print one line: ours beside DuckDB's, one after the other."""
    mine, floor = paired(ours, partial(answers, duck, asked))
    say(name, f"{mine * 1e3:.1f} ms", f"{floor * 1e3:.1f} ms", f"{mine / floor:.2f} times (aim 2)")


def export(duck: Any, folder: Path) -> None:
    """Write what these reports read as Parquet too."""
    from django.db import connection

    for table, query in (
        ("parts", ("SELECT task_id, kind, at AT TIME ZONE 'UTC' AS moment, team_id, programme_id, component_id, "
         "until AT TIME ZONE 'UTC' AS until, other_id, reason, us, active_us, waiting_us, blocked_us "
         "FROM cycles_taskpart")),
        ("links", "SELECT task_id, ticket_id FROM engineering_taskticket"),
        ("tickets", "SELECT id FROM frontline_feedback_ticket"),
        ("segments", ("SELECT loop_id AS ticket_id, stage, mode, (extract(epoch FROM until - since) * 1000000)::bigint "
         "AS us FROM cycles_segment")),
    ):  # fmt: skip
        csv = folder / f"{table}.csv"
        with (
            connection.cursor() as cursor,
            csv.open("wb") as out,
            cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)") as copy,
        ):
            for data in copy:
                out.write(data)
        duck.execute(f"COPY (SELECT * FROM read_csv('{csv}')) TO '{folder / table}.parquet' (FORMAT parquet)")
        csv.unlink()
        duck.execute(f"CREATE VIEW {table} AS SELECT * FROM '{folder / table}.parquet'")


def rebuilt(count: int, cpu_of: Callable[[int], float]) -> float:
    """Compute the parts of all tasks anew, into empty tables, and then one task of them after one entry more.

    Gives the processors' seconds of the first.
    """
    import time

    from django.db import connection, transaction

    from rnd.cycles.actions import project_tasks
    from rnd.cycles.facts.columnar.work import refresh_work
    from rnd.cycles.rebuilding import crew
    from rnd.cycles.rebuilding.chunks import rebuild, task_chunks, tell_planner

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cycles_taskpart, cycles_workslab, cycles_workcolumn")
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    before, here = cpu_of(backend), time.process_time()
    *_before, last = rebuild(list(task_chunks()), processes=1, work=crew.project_tasks)
    used = cpu_of(backend) - before + time.process_time() - here
    each = f"{used / count * 1e6:.0f} µs a ticket"
    say("rebuild of the work of tasks, of CPU", f"{last.tickets / used:,.0f} tasks/s", "", each)
    say("weeks of work computed", "", "", f"{seconds(refresh_work):.2f} s")
    tell_planner()
    times = []
    before = cpu_of(backend)
    for number in range(100):
        began, here = time.perf_counter(), time.process_time()
        with transaction.atomic():
            project_tasks(task_ids=[1 + (number * 7919) % count])
        times.append((time.perf_counter() - began, time.process_time() - here))
    wall, cpu = (sorted(some)[50] * 1e3 for some in zip(*times, strict=True))
    server = (cpu_of(backend) - before) * 10
    say("a task's entry to its work", f"{wall:.2f} ms", "", f"of CPU {cpu:.2f} ms here, {server:.2f} ms in PostgreSQL")
    return used
