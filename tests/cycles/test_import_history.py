"""A history from elsewhere is imported once, however often it is read, and read back exactly."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit.errors import Conflict, Forbidden
from rnd.cycles.actions import import_history
from rnd.cycles.clock.stages import Stage
from rnd.cycles.history.cases import Case, Event, StageMap
from rnd.cycles.models import ImportedCase
from tests.cast import Cast
from tests.cycles.test_history_readers import log_of_problems

pytestmark = pytest.mark.django_db
SECOND = 1_000_000
CASES = [
    Case("1", (Event(0, "open"), Event(5, "work"), Event(9, "closed"))),
    Case("2", (Event(3, "open"),)),
    Case("3", ()),
]
MAPPING = StageMap({"open": Stage.TRIAGE, "work": Stage.BUILD}, frozenset({"closed"}))


def run(*args: str, **options: Any) -> Any:
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO(), **options)
    return json.loads(out.getvalue())


def test_the_public_log_comes_back_as_it_is_known(cast: Cast) -> None:
    path, slug = str(log_of_problems()), cast.programme.slug
    given = ("import_history", path, "--format=xes", f"--programme={slug}", "--source=problems", "--json")
    tried = run(*given, "--dry-run")
    assert (tried["cases"], tried["events"], tried["dry_run"]) == (1487, 6660, True)
    assert tried["unmapped"]["Accepted/In Progress"] > 0
    assert not ImportedCase.objects.exists()
    assert run(*given)["changed"] == 1487
    assert run(*given)["changed"] == 0
    (figures,) = run("cycle_times", "--source=problems", "--json")["histories"]
    found = {name: figures["percentiles"][name]["value_us"] // SECOND for name in ("p50", "p85", "p95")}
    assert found == {"p50": 7_086_718, "p85": 34_922_026, "p95": 57_085_338}
    assert (figures["n"], figures["total_us"]) == (1487, 22_982_556_508 * SECOND)
    assert figures["states_us"]["Accepted/In Progress"] == 9_465_019_301 * SECOND
    assert figures["unmapped_us"] == figures["total_us"]
    out = StringIO()
    call_command("cycle_times", csv=True, stdout=out)
    lines = list(csv.DictReader(StringIO(out.getvalue())))
    assert sum(int(line["total_us"]) for line in lines) == figures["total_us"]


def test_cases_are_stored_with_stages_and_what_is_not_mapped(cast: Cast) -> None:
    done = import_history(actor=SYSTEM, programme=cast.programme, source="old", cases=CASES, mapping=MAPPING)
    assert (done.cases, done.changed) == (2, 2)
    first, second = ImportedCase.objects.order_by("name")
    assert (first.total_us, first.unmapped_us, first.states_us) == (9, 0, {"open": 5, "work": 4})
    assert dict(zip(Stage, first.stages_us, strict=True))[Stage.BUILD] == 4
    assert (second.finished_at, second.total_us) == (None, 0)
    entry = Entry.objects.get(kind="programme.history_imported")
    assert entry.data == {"source": "old", "cases": 2, "changed": 2}


def test_importing_again_changes_only_what_is_new_or_mapped_otherwise(cast: Cast) -> None:
    def again(cases: list[Case], mapping: StageMap) -> int:
        return import_history(
            actor=SYSTEM, programme=cast.programme, source="old", cases=cases, mapping=mapping
        ).changed

    assert again(CASES, MAPPING) == 2
    assert again(CASES, MAPPING) == 0
    assert again(CASES, StageMap({"open": Stage.TRIAGE}, MAPPING.finished)) == 1
    longer = Case("2", (*CASES[1].events, Event(8, "closed")))
    assert again([CASES[0], longer], StageMap({"open": Stage.TRIAGE}, MAPPING.finished)) == 1
    assert Entry.objects.filter(kind="programme.history_imported").count() == 3


def test_only_administrators_import_and_a_name_belongs_to_one_programme(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        import_history(
            actor=cast.actor("solveig"), programme=cast.programme, source="old", cases=CASES, mapping=MAPPING
        )
    import_history(actor=SYSTEM, programme=cast.programme, source="old", cases=CASES, mapping=MAPPING)
    other = type(cast.programme).objects.exclude(pk=cast.programme.pk).first()
    assert other is not None
    with pytest.raises(Conflict, match="another programme"):
        import_history(actor=SYSTEM, programme=other, source="old", cases=CASES, mapping=MAPPING)


def test_the_command_says_what_is_wrong(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case,time,state\n1,yesterday,open\n")
    for options, says in [
        ({"programme": "nowhere"}, "no programme 'nowhere'"),
        ({"programme": cast.programme.slug}, "line 2: 'yesterday' is not a moment"),
    ]:
        with pytest.raises(CommandError, match=says):
            call_command("import_history", str(file), format="csv", source="old", **options)
    with pytest.raises(CommandError, match="No history 'old'"):
        call_command("cycle_times", source="old")


def test_a_csv_with_a_mapping_says_what_it_could_not_map(cast: Cast, tmp_path: Path) -> None:
    file, mapping = tmp_path / "log.csv", tmp_path / "map.toml"
    file.write_text("Key,time,state\nA,2024-10-27 02:10,open\nA,2024-10-27 04:10,odd\nA,2024-10-27 05:10,closed\n")
    mapping.write_text('zone="Europe/Oslo"\nfinished=["closed"]\n[states]\nopen="triage"\n[columns]\ncase="Key"\n')
    out = StringIO()
    call_command(
        "import_history", str(file), format="csv", programme=cast.programme.slug, source="old", mapping=str(mapping),
        stdout=out,
    )  # fmt: skip
    assert "not mapped to a stage: odd (1 events)" in out.getvalue()
    assert "1 local times came twice" in out.getvalue()
    case = ImportedCase.objects.get()
    assert (case.states_us["open"], case.unmapped_us) == (3 * 3600 * SECOND, 3600 * SECOND)
