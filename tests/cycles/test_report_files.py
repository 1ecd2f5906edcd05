"""Reports taken along: CSV, XLSX and JSON hold the figures of the page, and what tells how to read them."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from foundation.accounts.actions.add_membership import add_membership
from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import Role
from foundation.kit import clock
from rnd.cycles.actions import freeze_report, project_tickets, save_report
from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Chart, Column, Document, Figure, Note, Row, Section, Series, Table, without_links
from rnd.cycles.documents_json import from_wire, to_wire
from rnd.cycles.files.tables import to_csv
from rnd.cycles.files.workbook import to_xlsx
from rnd.cycles.filters import Filters
from rnd.cycles.models import FrozenReport, SavedReport
from rnd.cycles.pages import PAGES, document
from tests.cast import Cast
from tests.cycles.world import DAY0, random_loops

AS_OF = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
AT = datetime(2026, 3, 1, 12, 0, tzinfo=ZoneInfo("Europe/Kyiv"))


def sample() -> Document:
    table = Table(
        [
            Column("name", "Name"),
            Column("p50", "p50", "us"),
            Column("share", "Share", "share"),
            Column("day", "Day", "day"),
            Column("ticket", "Ticket", "ticket"),
            Column("tasks", "Tasks", "tasks"),
            Column("at", "At", "moment"),
        ],
        [
            Row(
                ["=cmd|' /C calc'!A0", 86_400_000_001, Fraction(1, 3), date(2026, 3, 1), 12, (3, 4), AT],
                {"name": "/x/"},
            ),
            Row(["@plain", None, None, None, None, (), None]),
        ],
        Row(["All", 5, Fraction(1), None, None, (), None]),
    )
    return Document(
        report="sample",
        title="Sample",
        lede="",
        as_of=AS_OF,
        definition=1,
        n=7,
        filters={"programme": "sokil"},
        asked=[("Programme", "Sokil")],
        sections=[
            Section(
                name="one",
                title="One: of [many]",
                notes=[
                    Note("Beware", "warn"),
                    Note("Older", url="/reports/?from=9", way=True),
                    Note("Left out: merged (3)", url="/reports/tickets/"),
                    Note("See them by month.", url="/reports/"),
                ],
                figures=[Figure("p50", "Loop", 90, n=7), Figure("rate", "Rate", Fraction(2, 3), "share")],
                strip={"triage": 5},
                chart=Chart("bars", "Says", "name", [Series("p50", "stage-build")]),
                table=table,
            )
        ],
    )


def test_a_document_comes_back_from_json_as_it_was() -> None:
    there = json.loads(json.dumps(to_wire(sample())))
    back = from_wire(there)
    assert to_wire(back) == there
    assert back.sections[0].table == sample().sections[0].table
    assert back.sections[0].figures == sample().sections[0].figures


def test_csv_holds_exact_values_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(sample()))))
    assert ["as_of", AS_OF.isoformat()] in rows
    assert ["definition", "1"] in rows
    assert ["n", "7"] in rows
    assert ["filter programme", "sokil"] in rows
    assert ["name", "p50_us", "share", "day", "ticket", "tasks", "at"] in rows
    at = "2026-03-01T12:00:00+02:00"
    assert ["'=cmd|' /C calc'!A0", "86400000001", "1/3", "2026-03-01", "FB-12", "ENG-3 ENG-4", at] in rows
    assert not any(cell.startswith(("=", "@", "+", "-")) for row in rows for cell in row)


def test_a_workbook_has_native_charts_and_no_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx([sample(), sample()]))) as book:
        names = book.namelist()
        sheets = "".join(book.read(name).decode() for name in names if name.startswith("xl/worksheets/sheet"))
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "xl/charts/chart1.xml" in names
    assert "<f>" not in sheets
    assert "=cmd" in texts
    for told in ("as_of", AS_OF.isoformat(), "definition", "filter programme", "Beware"):
        assert told in texts


def test_files_have_no_notes_that_only_lead_to_other_pages() -> None:
    rows = csv.reader(io.StringIO(to_csv(sample())))
    kept = ["Beware", "Left out: merged (3)", "See them by month."]
    assert [row[1] for row in rows if row[:1] == ["note"]] == kept
    with zipfile.ZipFile(io.BytesIO(to_xlsx([sample()]))) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "; ".join(kept) in texts
    assert "Older" not in texts


def test_a_workbook_names_the_zone_of_its_moments() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx([sample()]))) as book:
        texts, sheet = book.read("xl/sharedStrings.xml").decode(), book.read("xl/worksheets/sheet2.xml").decode()
    assert "At (UTC)" in texts
    (at,) = re.findall(r'<c r="G5"[^>]*><v>([\d.]+)</v>', sheet)
    assert float(at) == pytest.approx((AT - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1))


@pytest.mark.django_db
def test_a_section_that_a_report_does_not_have_is_refused_with_those_it_has(cast: Cast) -> None:
    client = cast.client_of("solveig")
    alone = client.get("/reports/files/flow.csv?section=cfd")
    assert alone.status_code == 200
    assert alone.content.decode().count("\r\nsection,") == 1
    refused = client.get("/reports/files/flow.csv?section=nosuch")
    assert refused.status_code == 422
    said = " ".join(refused.content.decode().split())
    assert "There is no section “nosuch” in this report. There are cfd, " in said


@pytest.mark.django_db
def test_page_files_and_api_hold_the_same_figures(cast: Cast) -> None:
    tickets = random_loops(cast, seed=5, count=25)
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    client, api = cast.client_of("solveig"), cast.api_client_of("solveig")
    for slug in PAGES:
        with clock.at(DAY0 + timedelta(days=250)):
            answer = api.get(f"/api/v1/cycles/reports/{slug}/", {"programme": "sokil"})
            text = client.get(f"/reports/files/{slug}.csv?programme=sokil").content.decode()
            book = client.get(f"/reports/files/{slug}.xlsx?programme=sokil")
        assert answer.status_code == 200, answer.content
        wire = answer.json()
        assert wire.pop("beside") is None
        told = from_wire(wire)
        assert (told.report, told.definition) == (slug, 1)
        assert f"\ufeff{to_csv(told)}" == text
        assert zipfile.is_zipfile(io.BytesIO(book.content))
    assert api.get("/api/v1/cycles/reports/nothing/").status_code == 404
    assert api.get("/api/v1/cycles/reports/flow/?n=1001").status_code == 422
    assert client.get("/reports/files/glance.csv?severity=S9").status_code == 422


@pytest.mark.django_db
def test_a_frozen_report_is_drawn_in_the_order_of_the_stages_and_leads_nowhere(cast: Cast) -> None:
    project_tickets(ticket_ids=[ticket.pk for ticket in random_loops(cast, seed=5, count=12)])
    client = cast.client_of("solveig")
    asked = {"report": "stages", "query": "programme=sokil"}
    assert client.post("/reports/freeze/", asked).status_code == 302
    frozen = FrozenReport.objects.get()
    (kept,) = frozen.documents
    strips = [list(section.strip) for section in kept.sections if section.strip]
    assert strips == [[stage.value for stage in Stage]]
    tables = [section.table for section in kept.sections if section.table is not None]
    assert not any(row.links for table in tables for row in [*table.rows, *([table.foot] if table.foot else [])])


@pytest.mark.django_db
def test_frozen_figures_stay_while_the_report_goes_on(cast: Cast) -> None:
    actor = cast.actor("solveig")
    before = document(PAGES["glance"], actor, Filters(programme="sokil"), {}, [])
    frozen = freeze_report(actor=actor, document=before, query="programme=sokil", programmes=[cast.programme.pk])
    tickets = random_loops(cast, seed=5, count=12)
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    frozen.refresh_from_db()
    (kept,) = frozen.documents
    assert (kept.n, kept.as_of) == (0, before.as_of)
    text = cast.client_of("solveig").get(frozen.get_absolute_url()).content.decode()
    assert "Frozen figures" in text
    assert "n = 0" in text
    # Whoever sees less than what is in it does not see it.
    assert cast.client_of("ingrid").get(frozen.get_absolute_url()).status_code == 200
    assert cast.client_of("olena").get(frozen.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_a_comparison_is_frozen_with_both_sides(cast: Cast) -> None:
    project_tickets(ticket_ids=[ticket.pk for ticket in random_loops(cast, seed=5, count=25)])
    client, query = cast.client_of("solveig"), "programme=sokil&severity=S1&against=other&vs-severity=S2"
    with clock.at(DAY0 + timedelta(days=250)):
        live = client.get(f"/reports/?{query}").content.decode()
        assert client.post("/reports/freeze/", {"report": "glance", "query": query}).status_code == 302
    frozen = FrozenReport.objects.get()
    mine, other = frozen.documents
    assert [one.filters["severity"] for one in (mine, other)] == ["S1", "S2"]
    assert mine.n != other.n
    text = client.get(frozen.get_absolute_url()).content.decode()
    assert re.findall(r'data-section="([^"]+)"', text) == re.findall(r'data-section="([^"]+)"', live)
    assert 'data-section="headline-beside"' in text
    figures, leading = re.compile(r'data-figure="[^"]+".*?</div>'), re.compile(r"<a [^>]*>|</a>")
    assert figures.findall(text)
    assert figures.findall(text) == [leading.sub("", one) for one in figures.findall(live)]
    for side in (mine, other):
        assert all(f"{label}: {value}" in text for label, value in side.asked)
        assert f"n = {side.n}" in text


@pytest.mark.django_db
def test_a_frozen_comparison_is_seen_by_those_who_may_see_both_sides(cast: Cast) -> None:
    add_membership(actor=SYSTEM, user=cast.roman, team=cast.oslo, role=Role.MANAGER)
    client, seen = cast.client_of("roman"), []
    for query in ("programme=sokil", "programme=sokil&against=other&vs-programme=lastivka"):
        answer = client.post("/reports/freeze/", {"report": "glance", "query": query})
        assert client.get(answer.headers["Location"]).status_code == 200
        seen.append(cast.client_of("solveig").get(answer.headers["Location"]).status_code)
    assert seen == [200, 404]


@pytest.mark.django_db
def test_frozen_words_stay_in_their_language(cast: Cast) -> None:
    project_tickets(ticket_ids=[ticket.pk for ticket in random_loops(cast, seed=5, count=12)])
    cast.solveig.language = "nb"
    cast.solveig.save(update_fields=["language"])
    asked = {"report": "glance", "query": "programme=sokil"}
    assert cast.client_of("solveig").post("/reports/freeze/", asked).status_code == 302
    frozen = FrozenReport.objects.get()
    own = cast.client_of("solveig").get(frozen.get_absolute_url()).content.decode()
    text = cast.client_of("ingrid").get(frozen.get_absolute_url()).content.decode()
    assert '<html lang="en">' in text
    assert "Frozen figures" in text
    assert "Language: Norwegian Bokmål." in text
    assert not re.search(r"Solveig Moe\. Språk", own)
    kept = re.compile(r'<div class="stack stack-wide" lang="nb">.*data-colophon.*?</p>', re.DOTALL)
    assert kept.findall(text)
    assert kept.findall(text) == kept.findall(own)


@pytest.mark.django_db
def test_what_was_frozen_before_its_language_was_noted_opens(cast: Cast) -> None:
    made = document(PAGES["glance"], cast.actor("solveig"), Filters(programme="sokil"), {}, [])
    frozen = freeze_report(actor=cast.actor("solveig"), document=made, query="", programmes=[cast.programme.pk])
    FrozenReport.objects.filter(pk=frozen.pk).update(document=to_wire(without_links(made)))
    text = cast.client_of("ingrid").get(frozen.get_absolute_url()).content.decode()
    assert '<div class="stack stack-wide" lang="en">' in text
    assert "Language: English." not in text


@pytest.mark.django_db
def test_a_saved_report_is_opened_by_its_link_where_it_is_shared(cast: Cast) -> None:
    client = cast.client_of("solveig")
    asked = {"report": "stages", "query": "programme=sokil&severity=S2", "name": "Second severity"}
    assert client.post("/reports/saved/add/", asked).status_code == 302
    own = SavedReport.objects.get()
    assert client.get(own.get_absolute_url()).headers["Location"] == "/reports/stages/?programme=sokil&severity=S2"
    assert cast.client_of("ingrid").get(own.get_absolute_url()).status_code == 404
    shared = save_report(
        actor=cast.actor("solveig"), report="flow", query="", name="Ours", shared=True, programmes=[cast.programme.pk]
    )
    assert cast.client_of("ingrid").get(shared.get_absolute_url()).status_code == 302
    assert b"Ours" in cast.client_of("ingrid").get("/reports/saved/").content
    assert cast.client_of("ingrid").post(f"/reports/saved/{shared.pk}/remove/").status_code == 403
    assert client.post(f"/reports/saved/{shared.pk}/remove/").status_code == 302
    assert b"Ours" not in client.get("/reports/saved/").content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (" ", "Give the report a name by which it is found again."),
        ("", "Give the report a name by which it is found again."),
        ("x" * 121, "Ensure this value has at most 120 characters"),
    ],
)
def test_a_report_that_cannot_be_saved_so_stays_with_all_that_was_typed(cast: Cast, name: str, said: str) -> None:
    client = cast.client_of("solveig")
    query = "programme=sokil&severity=S2&against=other&vs-severity=S3"
    asked = {"report": "stages", "query": query, "name": name, "shared": "on"}
    response = client.post("/reports/saved/add/", asked)
    text = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert not SavedReport.objects.exists()
    assert 'data-report="stages"' in text
    field = re.search(r'<div class="field is-invalid"><label for="save_name">.*?</div>', text)
    assert field is not None
    assert said in field[0]
    for part in (f'value="{name}"' if name else "required", "data-focus", 'aria-invalid="true"', 'maxlength="120"'):
        assert part in field[0]
    assert re.search(r'<input type="checkbox" name="shared"[^>]* checked', text)
    assert f'name="query" value="{query}"' in text
    assert 'href="/reports/stages/?programme=sokil&against=other&vs-severity=S3"' in text  # the chip of the severity
    assert "Set nothing beside it" in text
    assert client.post("/reports/saved/add/", {**asked, "name": "Second severity"}).status_code == 302
    assert SavedReport.objects.get().shared
