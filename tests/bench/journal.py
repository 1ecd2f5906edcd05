"""How fast the journal is: `python -m tests.bench.journal [ENTRIES]`, on an embedded PostgreSQL of its own."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from foundation.embedded.postgres import EmbeddedPostgres


def main(count: int = 50_000) -> dict[str, float]:
    """Give entries per second: written, through consumers of several makes, sealed, verified."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "postgres") as server:
        os.environ |= {"DATABASE_URL": server.url, "DJANGO_SETTINGS_MODULE": "rnd.settings", "JOURNAL_WAKE": "off"}
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return figures(count)


def figures(count: int) -> dict[str, float]:
    """Measure against the database that Django is connected to."""
    from django.db import connection, transaction

    from foundation.accounts.actors import SYSTEM
    from foundation.journal import positions, record, registry, verifying
    from foundation.journal.running import run
    from tests.journal.things import Thing, ThingNoted

    found: dict[str, float] = {}

    def measure(name: str, work: Callable[[], Any], entries: int) -> None:
        began = time.perf_counter()
        work()
        found[name] = entries / (time.perf_counter() - began)
        sys.stdout.write(f"{name:52} {found[name]:10,.0f} entries/s\n")
        sys.stdout.flush()

    def write(number: int) -> None:
        record(ThingNoted(text="It rattles when it turns"), subject=Thing(number % 1000), actor=SYSTEM)

    def write_many() -> None:
        for start in range(0, count, 500):
            with transaction.atomic():
                for number in range(start, min(start + 500, count)):
                    write(number)

    def write_one_by_one() -> None:
        for number in range(1000):
            with transaction.atomic():
                write(number)

    def insert(entry: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_effect VALUES (%s)", [entry.id])

    def read(name: str, handle: Callable[[Any], Any], **options: Any) -> None:
        register: Any = registry.consumer(name, **options)
        register(handle)
        outcome = run(registry.named(name), below=positions.horizon())
        assert outcome.handled == total, (outcome.handled, total)

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_effect (id bigint)")
    total = count + 1000
    measure("record(), 500 in a transaction", write_many, count)
    measure("record(), each in a transaction (durable)", write_one_by_one, 1000)
    measure("consumer, one by one, doing nothing", lambda: read("bench.one", lambda entry: None), total)
    measure("consumer, one by one, one INSERT each", lambda: read("bench.insert", insert), total)
    measure(
        "consumer, batches of 500, doing nothing", lambda: read("bench.many", lambda entries: None, batch=500), total
    )
    sealing = registry.named("journal.seal")
    measure("sealing", lambda: run(sealing, below=positions.horizon()), total)
    measure("verify_journal", verifying.verify, total)
    rare = frozenset({"thing.moved"})
    measure(
        "passing over what is of no interest",
        lambda: positions.unread(positions.Position(), positions.horizon(), rare),
        total,
    )
    return found


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
