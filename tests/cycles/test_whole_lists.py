"""The lists that a report cuts, taken along whole: the same rows as CSV, XLSX and JSON, a chunk at a time."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.accounts.actors import SYSTEM
from foundation.journal import record
from foundation.kit import clock
from frontline_feedback.kinds import TicketAccepted
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tasks, project_tickets
from rnd.cycles.documents_json import from_wire
from rnd.cycles.files import whole
from rnd.cycles.files.tables import to_csv
from rnd.cycles.models import Loop, TaskPart
from rnd.cycles.pages.spreading import ROWS
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.books import sheets_of
from tests.cycles.world import DAY0, quick_loop, random_loops, whole_loop

AS_OF = DAY0 + timedelta(days=250)
HOUR = 3_600_000_000
DAY_US = 24 * HOUR
# What a report lists at most: tickets of ageing, tasks of a row of engineering, tickets of data quality.
MOST = {"ageing": 200, "engineering": 60, "quality": 100}


def project_all() -> None:
    project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
    project_tasks(task_ids=list(Task.objects.values_list("pk", flat=True)))


def text_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def csv_of(client: Client, slug: str, query: str = "programme=sokil") -> tuple[dict[str, str], list[list[str]]]:
    """Give what the CSV file tells, and its rows, the first with the names of the columns."""
    rows = list(csv.reader(io.StringIO(text_of(client.get(f"/reports/files/{slug}.csv?{query}&rows=all"))[1:])))
    head = rows.index([])
    return dict(rows[:head]), rows[head + 1 :]


def as_in_a_sheet(value: Any, kind: str) -> Any:
    """Give a value of the JSON as a sheet holds it: lengths in days, moments in days since the end of 1899."""
    if value is None or kind not in ("us", "moment"):
        return value
    if kind == "us":
        return value / DAY_US
    since = datetime.fromisoformat(value) - datetime(1899, 12, 30, tzinfo=UTC)
    return since / timedelta(days=1)


def lines_of(*rows: Any) -> str:
    """Give the lines of a CSV file again."""
    text = io.StringIO()
    csv.writer(text).writerows([rows[0], *rows[1]])
    return text.getvalue()


def as_in_csv(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.django_db
def test_csv_xlsx_and_json_hold_every_row_of_the_lists_that_a_page_cuts(cast: Cast) -> None:
    for number in range(MOST["ageing"] + 3):
        quick_loop(cast, seen=DAY0 + timedelta(minutes=number), lengths=[HOUR] * 3, end="open")
    for number in range(max(MOST["engineering"], MOST["quality"]) + 3):
        quick_loop(cast, seen=DAY0 + timedelta(hours=number), lengths=[HOUR] * 9, assigned=False)
    project_all()
    client, api = cast.client_of("solveig"), cast.api_client_of("solveig")
    with clock.at(AS_OF):
        for slug, most in MOST.items():
            page = client.get(f"/reports/{slug}/?programme=sokil").content.decode()
            for address in (f"files/{slug}.csv", f"files/{slug}.xlsx"):
                assert f'href="/reports/{address}?programme=sokil&amp;rows=all"' in page
            assert f'href="/api/v1/cycles/reports/{slug}/?programme=sokil&amp;rows=all"' in page
            told, (names, *rows) = csv_of(client, slug)
            answer = api.get(f"/api/v1/cycles/reports/{slug}/?programme=sokil&rows=all")
            assert answer.headers["Content-Type"] == "application/json", answer.content
            wire = json.loads(text_of(answer))
            book = sheets_of(b"".join(client.get(f"/reports/files/{slug}.xlsx?programme=sokil&rows=all")))

            assert len(rows) > most
            assert [one["name"] for one in wire["columns"]] == names
            assert [[as_in_csv(value) for value in row] for row in wire["rows"]] == rows
            kinds = [one["kind"] for one in wire["columns"]]
            front, (labels, *cells) = book["Report"], book[wire["title"]]
            assert len(labels) == len(names)
            for row, line in zip(wire["rows"], cells, strict=True):
                expected = [as_in_a_sheet(value, kind) for value, kind in zip(row, kinds, strict=True)]
                assert line == [pytest.approx(one, abs=1e-9) if isinstance(one, float) else one for one in expected]
            # What the list is stands in each of them.
            assert (told["report"], told["definition"], told["as_of"]) == (slug, "1", AS_OF.isoformat())
            assert told["filter programme"] == wire["filters"]["programme"] == "sokil"
            assert (wire["report"], wire["definition"], wire["as_of"]) == (slug, 1, AS_OF.isoformat())
            assert wire["n"] == int(told["n"]) > most
            assert {(name, told[name]) for name in told} <= {tuple(row) for row in front}
            assert ["rows", str(len(rows))] in front


@pytest.mark.django_db
def test_the_rows_are_those_behind_the_lists(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "CHUNK", 2)
    late = random_loops(cast, seed=5, count=25)[0]
    with clock.at(late.received_at + timedelta(hours=1)), transaction.atomic():
        record(TicketAccepted(), subject=late, actor=SYSTEM, occurred_at=late.received_at + timedelta(hours=9))
    project_all()
    TaskPart.objects.create(
        task_id=Task.objects.latest("pk").pk, kind="blocked", at=DAY0, reason="=parts", component_id=cast.radio.pk,
        programme_id=cast.programme.pk,
    )  # fmt: skip
    client, found = cast.client_of("solveig"), {}
    with clock.at(DAY0 + timedelta(days=900)):
        for slug in MOST:
            told, (_names, *rows) = csv_of(client, slug)
            found[slug] = int(told["n"]), rows
            # Nothing is cut of so few.
            assert b"data-all-rows" not in client.get(f"/reports/{slug}/?programme=sokil").content
        book = sheets_of(b"".join(client.get("/reports/files/engineering.xlsx?rows=all")))
    still_open = Loop.objects.unfinished().order_by("started_at", "pk")
    assert [row[0] for row in found["ageing"][1]] == [f"FB-{loop.pk}" for loop in still_open]
    assert found["ageing"][0] == len(still_open) > 2
    parts = TaskPart.objects.exclude(kind="task").order_by("task_id", "at", "kind", "team_id")
    assert [row[:2] for row in found["engineering"][1]] == [[f"ENG-{part.task_id}", part.kind] for part in parts]
    # A spreadsheet runs no cell of either: the workbook's is a text.
    assert "'=parts" in {row[6] for row in found["engineering"][1]}
    assert "=parts" in {row[6] for row in book["Engineering"]}
    assert found["engineering"][0] == Task.objects.count() > 2
    unrecorded = Loop.objects.finished().filter(modes_recorded=False).order_by("-pk")
    named = [[f"FB-{one.pk}", one.ticket.title, one.ticket.team.name, ""] for one in unrecorded]
    assert [row[1:] for row in found["quality"][1] if row[0] == "unrecorded"] == named
    moved = {f"FB-{one.pk}": str(one.moved_entries) for one in Loop.objects.filter(moved_entries__gt=0)}
    assert {row[1]: row[4] for row in found["quality"][1] if row[0] == "moved"} == moved != {}
    assert found["quality"][0] == len(found["quality"][1]) > 2


@pytest.mark.django_db
def test_every_fix_of_shipping_is_there_with_the_figures_of_its_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "CHUNK", 4)
    for number in range(ROWS + 2):
        whole_loop(cast, start=100 * number)
    project_all()
    client, api = cast.client_of("solveig"), cast.api_client_of("solveig")
    with clock.at(AS_OF):
        page = client.get("/reports/releases/").content.decode()
        told, (names, *rows) = csv_of(client, "releases", "by=month")
        wire = json.loads(text_of(api.get("/api/v1/cycles/reports/releases/?rows=all")))
        book = sheets_of(b"".join(client.get("/reports/files/releases.xlsx?rows=all")))
        listed = api.get(f"/api/v1/cycles/reports/releases/?rows={ROWS + 2}").json()
    assert 'href="/reports/files/releases.xlsx?rows=all"' in page
    del listed["beside"]
    assert f"\r\n{lines_of(names, rows)}" in to_csv(from_wire(listed), section="helped")
    assert int(told["n"]) == wire["n"] == len(rows) == len(wire["rows"]) == ROWS + 2
    assert [row[0] for row in wire["rows"]] == [row[0] for row in rows] == [row[0] for row in book["Shipping"][1:]]
    weeks = names.index("weeks_before")
    for row, line, cells in zip(wire["rows"], rows, book["Shipping"][1:], strict=True):
        exact = Fraction(*row[weeks]) if isinstance(row[weeks], list) else Fraction(row[weeks])
        assert exact == Fraction(line[weeks])
        assert cells[weeks] == pytest.approx(float(exact))


@pytest.mark.django_db
def test_who_sees_less_takes_less_along(cast: Cast) -> None:
    random_loops(cast, seed=5, count=25)
    project_all()
    own = set(Loop.objects.unfinished().filter(team=cast.north).values_list("pk", flat=True))
    assert 0 < len(own) < Loop.objects.unfinished().count()
    with clock.at(AS_OF):
        _told, (_names, *rows) = csv_of(cast.client_of("olena"), "ageing", "by=month")
        answer = cast.api_client_of("olena").get("/api/v1/cycles/reports/ageing/?rows=all")
        wire = json.loads(text_of(answer))
        book = sheets_of(b"".join(cast.client_of("olena").get("/reports/files/ageing.xlsx?rows=all")))
    keys = {f"FB-{pk}" for pk in own}
    assert (
        {row[0] for row in rows} == {row[0] for row in wire["rows"]} == {row[0] for row in book["Ageing"][1:]} == keys
    )


@pytest.mark.django_db
def test_rows_that_nothing_cuts_are_refused_with_what_would_be_right(cast: Cast) -> None:
    client, api = cast.client_of("solveig"), cast.api_client_of("solveig")
    for address in ("glance.csv?rows=all", "glance.xlsx?rows=all", "flow.xlsx?rows=all", "ageing.xlsx?rows=some"):
        assert client.get(f"/reports/files/{address}").status_code == 422
    refused = api.get("/api/v1/cycles/reports/forecast/?rows=all")
    assert (refused.status_code, refused.json()["code"]) == (422, "report.no_lists")
    assert "ageing, engineering, quality, releases" in refused.json()["detail"]
    assert api.get("/api/v1/cycles/reports/ageing/?rows=all&severity=S9").status_code == 422
    # Of the long tables about releases, so many rows may be asked for in files as on the page.
    assert api.get("/api/v1/cycles/reports/releases/?rows=9").status_code == 200
    for kind in ("csv", "xlsx"):
        assert client.get(f"/reports/files/releases.{kind}?rows=9").status_code == 200
        assert client.get(f"/reports/files/releases.{kind}?rows=501").status_code == 422


@pytest.mark.django_db
def test_each_chunk_costs_a_bounded_number_of_queries(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    random_loops(cast, seed=5, count=40)
    project_all()
    client = cast.client_of("solveig")

    def queries(slug: str, chunk: int) -> int:
        monkeypatch.setattr(whole, "CHUNK", chunk)
        with clock.at(AS_OF), CaptureQueriesContext(connection) as seen:
            text_of(client.get(f"/reports/files/{slug}.csv?rows=all"))
        return len(seen)

    things = {
        "ageing": Loop.objects.unfinished().count(),
        "engineering": Task.objects.count(),
        "quality": Loop.objects.finished().filter(modes_recorded=False).count(),
    }
    for slug, n in things.items():
        at_once, by_twos = queries(slug, 1000), queries(slug, 2)
        # A chunk takes one query, of tasks two: which tasks, and what is counted of them.
        each = 2 if slug == "engineering" else 1
        assert n > 3
        assert by_twos - at_once == pytest.approx(each * n / 2, abs=2)
