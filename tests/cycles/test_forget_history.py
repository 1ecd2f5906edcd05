"""A history that was imported by mistake is forgotten whole or not at all, and never one that is compared with."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from foundation.accounts.actors import SYSTEM
from foundation.embedded.environment import ROOT
from foundation.journal.models import Entry
from foundation.journal.queries import activity
from foundation.kit.errors import Conflict, DomainError, Forbidden, NotFound
from rnd.cycles import levels
from rnd.cycles.actions import forget_history, import_history, set_baseline
from rnd.cycles.models import Baseline, ImportedCase
from tests.cast import Cast
from tests.cycles.processes import surroundings, waiting
from tests.cycles.test_import_history import CASES, MAPPING
from tests.embedded.running import wait_for

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 31)
KIND = "programme.history_forgotten"


def imported(cast: Cast, *sources: str) -> None:
    for source in sources:
        import_history(actor=SYSTEM, programme=cast.programme, source=source, cases=CASES, mapping=MAPPING)


def compare_with(cast: Cast, source: str) -> Baseline:
    return set_baseline(actor=cast.actor("solveig"), programme=cast.programme, first=JANUARY, last=MARCH, source=source)


def sources() -> set[str]:
    return set(ImportedCase.objects.values_list("source", flat=True))


def said(**options: Any) -> str:
    out = StringIO()
    call_command("forget_history", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_all_of_one_history_goes_and_the_journal_says_who_did_it(cast: Cast) -> None:
    imported(cast, "old", "other")
    arne = cast.actor("arne")
    done = forget_history(actor=arne, programme=cast.programme, source="old")
    assert (done.cases, done.earlier_baselines, sources()) == (2, 0, {"other"})
    entry = Entry.objects.get(kind=KIND)
    assert (entry.data, entry.subject_id, entry.actor_id) == (
        {"source": "old", "cases": 2}, cast.programme.pk, cast.arne.pk,
    )  # fmt: skip
    (newest,) = activity(subjects=[("programme", cast.programme.pk)], limit=1)
    assert newest.payload.sentence() == "forgot the imported history old: 2 cases"
    assert Entry.objects.filter(kind="programme.history_imported").count() == 2, "nothing leaves the journal"
    with pytest.raises(NotFound, match="has no imported history “old”"):
        forget_history(actor=arne, programme=cast.programme, source="old")
    imported(cast, "old")
    assert ImportedCase.objects.filter(source="old").count() == 2


@pytest.mark.django_db
def test_only_administrators_of_its_programme_forget_it(cast: Cast) -> None:
    imported(cast, "old")
    for name in ("solveig", "astri"):
        with pytest.raises(Forbidden):
            forget_history(actor=cast.actor(name), programme=cast.programme, source="old")
    with pytest.raises(NotFound):
        forget_history(actor=cast.actor("astri"), programme=cast.foreign_programme, source="old")
    assert sources() == {"old"}


@pytest.mark.django_db
def test_the_command_says_what_would_go_and_does_it_only_when_told(cast: Cast) -> None:
    imported(cast, "old")
    entries = Entry.objects.count()
    what = "old: 2 cases of sokil, begun 1970-01-01 to 1970-01-01.\n"
    assert said(source="old") == f"{what}Nothing was changed. To forget them, say --yes.\n"
    told = json.loads(said(source="old", json=True))
    assert (sources(), Entry.objects.count()) == ({"old"}, entries)
    assert told == {
        "source": "old", "programme": "sokil", "cases": 2, "first": "1970-01-01T00:00:00+00:00",
        "last": "1970-01-01T00:00:00.000003+00:00", "earlier_baselines": 0, "forgotten": False,
    }  # fmt: skip
    assert said(source="old", yes=True) == f"{what}Forgotten.\n"
    assert (sources(), Entry.objects.count()) == (set(), entries + 1)
    imported(cast, "old")
    assert json.loads(said(source="old", yes=True, json=True)) == {**told, "forgotten": True}


@pytest.mark.django_db
def test_a_name_that_nobody_gave_is_refused_with_those_that_there_are(cast: Cast) -> None:
    with pytest.raises(CommandError, match=r"No history 'odl' was imported. There are: none.$"):
        said(source="odl")
    imported(cast, "old", "other")
    one = CASES[:1]
    import_history(actor=SYSTEM, programme=cast.foreign_programme, source="theirs", cases=one, mapping=MAPPING)
    there = r"old \(2 cases, sokil\), other \(2 cases, sokil\), theirs \(1 cases, lastivka\)"
    for yes in (False, True):
        with pytest.raises(CommandError, match=rf"There are: {there}.$"):
            said(source="odl", yes=yes)
    assert sources() == {"old", "other", "theirs"}


@pytest.mark.django_db
def test_what_a_programme_compares_itself_with_stays_until_it_has_another_baseline(cast: Cast) -> None:
    imported(cast, "old", "other")
    compare_with(cast, "old")
    refusal = "“old” is the baseline of Sokil \\(2026-01-01 to 2026-03-31\\). Set another baseline there first"
    for yes in (False, True):
        with pytest.raises(CommandError, match=refusal):
            said(source="old", yes=yes)
    with pytest.raises(Conflict) as refused:
        forget_history(actor=SYSTEM, programme=cast.programme, source="old")
    assert (refused.value.code, refused.value.field) == ("history.is_baseline", "source")
    assert sources() == {"old", "other"}
    compare_with(cast, "")
    assert "1 earlier baselines name it; they stay on record.\nForgotten." in said(source="old", yes=True)
    page = cast.client_of("solveig").get(f"/reports/levels/{cast.programme.slug}/")
    assert "(old)" in page.content.decode()
    assert cast.client_of("solveig").get("/reports/", {"programme": cast.programme.slug}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_has_taken_nothing_and_goes_again(cast: Cast) -> None:
    imported(cast, "old")
    command = [sys.executable, "manage.py", "forget_history", "--source", "old", "--yes"]
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The cases are gone by the time when the entry is to be written, and then it waits.
            cursor.execute("LOCK TABLE journal_entry IN SHARE MODE")
        process = subprocess.Popen(
            command, cwd=ROOT, env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            wait_for(lambda: waiting() == 1 or process.poll() is not None, 120)
            assert process.poll() is None, process.stderr
        finally:
            process.kill()
            process.communicate()
    assert ImportedCase.objects.filter(source="old").count() == 2
    assert not Entry.objects.filter(kind=KIND).exists()
    done = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, check=True)
    assert done.stdout.endswith("Forgotten.\n")
    assert (sources(), Entry.objects.filter(kind=KIND).count()) == (set(), 1)
    again = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "No history 'old' was imported. There are: none." in again.stderr


def meanwhile(call: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Begin a call that has to wait for this transaction; give its thread, and where its outcome will be."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(call())
        except DomainError as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    wait_for(lambda: waiting() == 1 or not thread.is_alive(), 20)
    assert not outcome, "it waits"
    return thread, outcome


@pytest.mark.django_db(transaction=True)
def test_no_baseline_is_set_from_a_history_that_goes_at_the_same_time(cast: Cast) -> None:
    imported(cast, "old")
    with transaction.atomic():
        forget_history(actor=SYSTEM, programme=cast.programme, source="old")
        thread, outcome = meanwhile(lambda: compare_with(cast, "old"))
    thread.join(20)
    assert [refused.code for refused in outcome] == ["baseline.source"]
    imported(cast, "old")
    with transaction.atomic():
        compare_with(cast, "old")
        thread, outcome = meanwhile(lambda: forget_history(actor=SYSTEM, programme=cast.programme, source="old"))
    thread.join(20)
    assert [refused.code for refused in outcome] == ["history.is_baseline"]
    held = levels.baseline(cast.programme.pk)
    assert held is not None
    assert (held.source, sources()) == ("old", {"old"})


@pytest.mark.django_db(transaction=True)
def test_an_import_at_the_same_time_stores_all_of_its_cases(cast: Cast) -> None:
    imported(cast, "old")
    with transaction.atomic():
        forget_history(actor=SYSTEM, programme=cast.programme, source="old")
        thread, outcome = meanwhile(lambda: imported(cast, "old"))
    thread.join(20)
    assert outcome == [None]
    assert ImportedCase.objects.filter(source="old").count() == 2
