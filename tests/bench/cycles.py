"""How fast facts are kept and reports are read: `python -m tests.bench.cycles [TICKETS]`, beside their floors."""

from __future__ import annotations

import os
import sys
import time

from tests.bench.ground import database, say


def main(count: int = 100_000) -> None:
    """Measure on `count` tickets of two years."""
    with database():
        from django.db import connection

        from tests.bench.years import fill

        began = time.perf_counter()
        fill(count)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM journal_entry")
            entries = cursor.fetchone()[0]
        filled = time.perf_counter() - began
        sys.stdout.write(f"{count:,} tickets, {entries:,} entries ({entries / count:.1f} each) in {filled:.0f} s\n")
        rebuilt(count)


def rebuilt(count: int) -> None:
    """Rebuild everything with one process, into empty tables."""
    from django.db import connection

    from frontline_feedback.models import Ticket
    from rnd.cycles.rebuilding import CHUNK, rebuild
    from rnd.cycles.spans import refresh_spans

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    ids = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))
    chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
    before, began, here = _cpu_of(backend), time.perf_counter(), time.process_time()
    for _progress in rebuild(chunks, processes=1):
        pass
    wall, mine, server = time.perf_counter() - began, time.process_time() - here, _cpu_of(backend) - before
    say("rebuild, one process", f"{count / wall:,.0f} tickets/s", "10,000", f"{wall:.1f} s")
    say("  CPU here", f"{mine / count * 1e6:.0f} µs/ticket", "", f"{count / (mine + server):,.0f}/s of all CPU")
    say("  CPU in PostgreSQL", f"{server / count * 1e6:.0f} µs/ticket", "", "")
    began = time.perf_counter()
    spans = refresh_spans()
    say("spans computed", f"{spans}", "", f"{time.perf_counter() - began:.2f} s")


def _cpu_of(pid: int) -> float:
    """Give the CPU seconds of a process."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1].split()  # noqa: PTH123, SIM115 -- a line of /proc
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
