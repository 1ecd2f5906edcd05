"""A history from elsewhere is imported once, however often it is read, and read back exactly."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden
from rnd.cycles.actions import import_history
from rnd.cycles.clock import DEFINITION
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
    assert (done.events, done.without_events, done.joined, done.unmapped) == (4, 1, 0, {})
    first, second = ImportedCase.objects.order_by("name")
    assert (first.total_us, first.unmapped_us, first.states_us) == (9, 0, {"open": 5, "work": 4})
    assert dict(zip(Stage, first.stages_us, strict=True))[Stage.BUILD] == 4
    assert (second.finished_at, second.total_us) == (None, 0)
    entry = Entry.objects.get(kind="programme.history_imported")
    assert entry.data == {"source": "old", "cases": 2, "changed": 2}


def test_what_is_read_back_names_its_filter_definition_moment_and_n(cast: Cast) -> None:
    for source in ("old", "older"):
        import_history(actor=SYSTEM, programme=cast.programme, source=source, cases=CASES, mapping=MAPPING)
    now = datetime(2026, 5, 11, 7, 0, tzinfo=UTC)
    with clock.at(now):
        one, every = run("cycle_times", "--source=old", "--json"), run("cycle_times", "--json")
        out = StringIO()
        call_command("cycle_times", csv=True, stdout=out)
    told = ["as_of", "definition", "n", "filters", "histories"]
    assert [list(one), list(every)] == [told, told]
    assert [one[name] for name in told[:-1]] == [now.isoformat(), DEFINITION, 1, {"source": "old"}]
    assert [every[name] for name in told[:-1]] == [now.isoformat(), DEFINITION, 2, {}]
    assert one["histories"] == every["histories"][:1]
    lines = list(csv.DictReader(StringIO(out.getvalue())))
    assert [(line["source"], line["case"]) for line in lines] == [(s, n) for s in ("old", "older") for n in ("1", "2")]
    assert {(line["as_of"], line["definition"]) for line in lines} == {(now.isoformat(), str(DEFINITION))}
    assert None not in lines[0], "every value has a column"


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


def given(cast: Cast, file: Path, **more: Any) -> dict[str, Any]:
    return {"file": str(file), "format": "csv", "programme": cast.programme.slug, "source": "old", **more}


def refused(says: str, **options: Any) -> None:
    """See that the import and its dry run both refuse this, and that nothing is stored."""
    file, before = options.pop("file"), set(ImportedCase.objects.values_list("source", "name"))
    for dry_run in (False, True):
        with pytest.raises(CommandError, match=says):
            call_command("import_history", file, dry_run=dry_run, stdout=StringIO(), **options)
    assert set(ImportedCase.objects.values_list("source", "name")) == before


LINE = "2024-01-01T00:00:00Z,open\n"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "holds no case"),
        (f"{'K' * 201},{LINE}", "'KKKK.*… has 201 characters. At most 200"),
        (f"A\0B,{LINE}", r"The case name 'A\\x00B' holds a character"),
        (f"A,{LINE.replace('open', chr(0))}", r"In case 'A' the state '\\x00' holds a character"),
        (f",{LINE}", "line 2 names no case"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_a_dry_run_too(cast: Cast, tmp_path: Path, lines: str, says: str) -> None:
    file = tmp_path / "log.csv"
    file.write_text(f"case,time,state\nB,{LINE}{lines}" if lines else "case,time,state\n")
    refused(says.replace("line 2", "line 3"), **given(cast, file))


def test_numbers_and_letters_that_the_database_cannot_keep_are_refused(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "issues.json"
    for number, says in [("9" * 300, "has 300 characters"), (r'"\ud800"', "holds a character")]:
        file.write_text(f'[{{"number": {number}, "created_at": "2024-01-01T00:00:00Z", "events": []}}]')
        refused(says, **given(cast, file, format="github"))


def test_a_source_needs_a_name_that_fits_and_is_not_taken(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(f"case,time,state\nA,{LINE}")
    for source, says in [("", "source is empty"), (" ", "source is empty"), ("s" * 61, "61 characters. At most 60")]:
        refused(says, **given(cast, file, source=source))
    other = type(cast.programme).objects.exclude(pk=cast.programme.pk).first()
    assert other is not None
    import_history(actor=SYSTEM, programme=other, source="old", cases=CASES, mapping=MAPPING)
    refused("imported for another programme", **given(cast, file))


def test_files_that_are_damaged_or_in_another_encoding_are_refused(cast: Cast, tmp_path: Path) -> None:
    file, mapping = tmp_path / "log.csv", tmp_path / "map.toml"
    packed = bytearray(gzip.compress("".join(["case,time,state\n", *(f"A{i},{LINE}" for i in range(900))]).encode()))
    for wrong in (packed[:-600], packed[:200] + b"\xff\x00\xff" + packed[203:], b"\x1f\x8b\x00\x00"):
        file.write_bytes(wrong)
        refused("log.csv cannot be unpacked", **given(cast, file))
    file.write_bytes(f"case,time,state\nPåbegynt,{LINE}".encode("latin-1"))
    refused("not UTF-8", **given(cast, file))
    mapping.write_bytes('[states]\n"Påbegynt"="build"\n'.encode("latin-1"))
    refused("map.toml is not UTF-8", **given(cast, file, mapping=str(mapping)))


def test_a_dry_run_says_what_would_be_stored(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(f"case,time,state\nA,{LINE}B,{LINE}")
    told = given(cast, file)
    name = told.pop("file")
    out = StringIO()
    call_command("import_history", name, dry_run=True, stdout=out, **told)
    assert "Nothing was stored (--dry-run); 2 would be." in out.getvalue()
    assert not ImportedCase.objects.exists()
    assert not Entry.objects.filter(kind="programme.history_imported").exists()
    call_command("import_history", name, stdout=out, **told)
    assert "2 stored; 0 were just so before." in out.getvalue()


def test_cases_of_one_name_far_apart_are_one_and_a_second_run_stores_none(cast: Cast, tmp_path: Path) -> None:
    def trace(name: str, state: str, day: int) -> str:
        return (
            f'<trace><string key="concept:name" value="{name}"/><event><string key="concept:name" value="{state}"/>'
            f'<date key="time:timestamp" value="2024-01-{day:02}T00:00:00Z"/></event></trace>'
        )

    file = tmp_path / "log.xes"
    between = "".join(trace(f"T{i}", "open", 1) for i in range(2500))
    file.write_text(f"<log>{trace('A', 'open', 1)}{between}{trace('A', 'closed', 3)}</log>")
    told = ("import_history", str(file), "--format=xes", f"--programme={cast.programme.slug}", "--source=old", "--json")
    first = run(*told)
    assert (first["cases"], first["joined"], first["changed"]) == (2501, 1, 2501)
    assert ImportedCase.objects.get(name="A").total_us == 2 * 86_400 * SECOND
    assert run(*told)["changed"] == 0
    out = StringIO()
    call_command(*told[:-1], stdout=out)
    assert "0 stored; 2,501 were just so before." in out.getvalue()
    assert "1 cases had the name of another one, and were joined with it." in out.getvalue()
    again = [CASES[0], *(Case(str(i), (Event(0, "open"),)) for i in range(10, 2510)), CASES[0]]
    for changed in (2501, 0):
        done = import_history(actor=SYSTEM, programme=cast.programme, source="far", cases=again, mapping=MAPPING)
        assert (done.cases, done.joined, done.changed) == (2501, 1, changed)


def test_standard_input_may_be_packed(tmp_path: Path) -> None:
    file = tmp_path / "log.csv.gz"
    file.write_bytes(gzip.compress(f"case,time,state\nA,{LINE}".encode()))
    reads = (
        "from rnd.cycles.management.commands.import_history import _opened\n"
        "with _opened('-') as file: print(file.read().decode())"
    )
    with file.open("rb") as given_in:
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{reads}"], stdin=given_in, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
    assert done.stdout.startswith("case,time,state")
