"""The charts of a workbook have the colours of the pages on paper, each stage its own."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Chart, Column, Row, Section, Series, Table
from rnd.cycles.files.workbook import COLOURS, to_xlsx
from rnd.cycles.presenting import STAGE_COLOURS
from tests.cycles.test_report_files import sample

TOKENS = Path("static/css/tokens.css").read_text()
LIGHT = dict(re.findall(r"--([\w-]+):\s*([^;]+);", TOKENS[: TOKENS.index("@media")]))


def drawn(chart: Chart, table: Table) -> str:
    """Give the XML of a workbook's chart."""
    report = replace(sample(), sections=[Section("one", "One", chart=chart, table=table)])
    with zipfile.ZipFile(io.BytesIO(to_xlsx([report]))) as book:
        return book.read("xl/charts/chart1.xml").decode()


def points(xml: str) -> dict[int, str]:
    """Give the colours of single points by their places."""
    found = re.findall(r'<c:dPt><c:idx val="(\d+)"/>.*?<a:srgbClr val="(\w+)"/>.*?</c:dPt>', xml)
    return {int(place): f"#{colour.lower()}" for place, colour in found}


def test_the_colours_are_those_of_the_tokens_on_paper() -> None:
    assert {name: LIGHT[name] for name in COLOURS} == COLOURS


def test_every_colour_that_a_page_draws_in_is_known() -> None:
    pages = "".join(path.read_text() for path in Path("rnd/cycles/pages").glob("*.py"))
    named = set(re.findall(r'Series\("\w+", "([\w-]+)"', pages))
    assert {"good", "chart-done", "line-control"} < named
    assert named <= set(COLOURS)


def test_each_bar_of_a_stage_has_the_colour_of_its_stage() -> None:
    table = Table(
        [Column("stage", "Stage", "stage"), Column("saves", "Saves", "us")],
        [Row([stage.value, place]) for place, stage in enumerate(reversed(Stage))],
    )
    xml = drawn(Chart("bars", "Saved", "stage", [Series("saves", STAGE_COLOURS)], across=True), table)
    assert points(xml) == {place: LIGHT[f"stage-{stage}"] for place, stage in enumerate(reversed(Stage))}


def test_what_is_no_stage_has_the_colour_of_none_beside_them() -> None:
    table = Table(
        [Column("what", "What"), Column("stage", "Stage", "stage", aside=True), Column("saved", "Saved", "us")],
        [Row(["Half the work", None, 5]), Row(["Build twice as fast", "build", 7])],
    )
    xml = drawn(Chart("bars", "Saved", "what", [Series("saved", STAGE_COLOURS)], across=True), table)
    assert points(xml) == {0: LIGHT["line-control"], 1: LIGHT["stage-build"]}


def test_a_series_of_one_colour_has_no_points_of_their_own() -> None:
    table = Table([Column("week", "Week"), Column("n", "n", "count")], [Row(["W1", 5])])
    assert points(drawn(Chart("bars", "Finished", "week", [Series("n", "info")]), table)) == {}
