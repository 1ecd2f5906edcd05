"""The ageing page: the open tickets of each stage by how long they have been in it, as the chart and the table say."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from foundation.kit import clock
from rnd.cycles.actions import project_tickets
from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Section
from rnd.cycles.files.workbook import COLOURS, to_xlsx
from rnd.cycles.filters import Filters
from rnd.cycles.pages import PAGES, document
from tests.cast import Cast
from tests.cycles.pages import chart, page
from tests.cycles.world import DAY0, quick_loop

HOUR = 3_600_000_000
NOW = DAY0 + timedelta(days=100)
PARTS = ["within_p50", "p50_to_p85", "p85_to_p95", "beyond_p95", "unknown"]


def a_world(cast: Cast) -> None:
    """Twenty loops that were queued for 1, 2, … 20 hours and needed no design, and what waits in both stages."""
    done = [
        quick_loop(cast, seen=DAY0, lengths=[HOUR, HOUR, n * HOUR, 0, 0, 0, HOUR, HOUR, HOUR], severity="S2").pk
        for n in range(1, 21)
    ]
    # In the queue p50 is 10 hours, p85 17 and p95 19.
    queued = [waiting(cast, [HOUR, HOUR], hours) for hours in (1, 10, 11, 17, 18, 19, 20, 30)]
    designed = [waiting(cast, [HOUR, HOUR, HOUR], hours) for hours in (1, 1000)]
    project_tickets(ticket_ids=[*done, *queued, *designed])


def waiting(cast: Cast, lengths: list[int], hours: int) -> int:
    """Give an open ticket that has been for so many hours in the stage that comes after these."""
    began = NOW - timedelta(microseconds=sum(lengths) + hours * HOUR)
    return quick_loop(cast, seen=began, lengths=lengths, end="open", severity="S2").pk


def stages_of(cast: Cast) -> Section:
    with clock.at(NOW):
        found = document(PAGES["ageing"], cast.actor("solveig"), Filters(programme="sokil"), {}, []).section("stages")
    assert found is not None
    return found


def cells(section: Section, stage: str) -> dict[str, Any]:
    assert section.table is not None
    row = next(row for row in section.table.rows if row.values[0] == stage)
    return dict(zip([column.name for column in section.table.columns], row.values, strict=True))


@pytest.mark.django_db
def test_each_open_ticket_lies_in_one_part_of_its_stage(cast: Cast) -> None:
    a_world(cast)
    section = stages_of(cast)
    queue, design, test = (cells(section, stage) for stage in ("queue", "design", "test"))
    assert [queue[name] for name in PARTS] == [2, 2, 2, 2, 0]
    assert (queue["beyond_p50"], queue["beyond_p85"], queue["wip"]) == (6, 4, 8)
    # No finished loop came through design, so there is nothing to measure these by, however old they are.
    assert [design[name] for name in PARTS] == [None, None, None, None, 2]
    assert [design["beyond_p50"], design["wip"]] == [None, 2]
    assert [test[name] for name in PARTS] == [None, None, None, None, 0]
    assert section.table is not None
    assert section.table.foot is not None
    assert list(section.table.foot.values)[:8] == ["All", 10, None, 2, 2, 2, 2, 2]
    assert "the percentiles are not known" in section.notes[0].text


@pytest.mark.django_db
def test_the_chart_stacks_the_parts_and_leads_to_the_tickets_of_the_stage(cast: Cast) -> None:
    a_world(cast)
    with clock.at(NOW):
        text = page(cast.client_of("solveig"), "/reports/ageing/", programme="sokil")
        drawn = chart(text, "stages")
        assert drawn["kind"] == "stacked"
        tones = ["age-p50", "age-p85", "age-p95", "age-beyond", "age-unknown"]
        assert [series["colour"] for series in drawn["series"]] == tones
        place = list(Stage).index(Stage.QUEUE)
        assert [series["values"][place] for series in drawn["series"]] == [2, 2, 2, 2, 0]
        assert drawn["links"][place] == "/reports/tickets/?programme=sokil&show=open&stage=queue"
        listed = page(cast.client_of("solveig"), drawn["links"][place])
    assert ">8 tickets</p>" in listed
    heads = re.findall(r'data-column="([a-z0-9_]+)"', text.split('id="stages"')[1].split("</thead>")[0])
    assert heads == ["stage", "wip", "oldest", *PARTS, "p50", "p85", "p95"]


@pytest.mark.django_db
def test_where_every_stage_is_known_nothing_is_said_of_what_is_not(cast: Cast) -> None:
    done = [quick_loop(cast, seen=DAY0, lengths=[HOUR] * 9, severity="S2").pk for _n in range(10)]
    project_tickets(ticket_ids=[*done, waiting(cast, [HOUR, HOUR], 2)])
    section = stages_of(cast)
    assert section.chart is not None
    assert [series.column for series in section.chart.series] == PARTS[:-1]
    assert section.table is not None
    assert section.table.column("unknown").aside
    assert not section.notes


@pytest.mark.django_db
def test_a_workbook_stacks_them_too(cast: Cast) -> None:
    a_world(cast)
    with clock.at(NOW):
        made = document(PAGES["ageing"], cast.actor("solveig"), Filters(programme="sokil"), {}, [])
    with zipfile.ZipFile(io.BytesIO(to_xlsx([made]))) as book:
        drawn = book.read("xl/charts/chart1.xml").decode()
    assert '<c:grouping val="stacked"/>' in drawn
    found = [colour.lower() for colour in re.findall(r'<c:ser>.*?<a:srgbClr val="(\w+)"', drawn)]
    assert found == [COLOURS[f"age-{part}"][1:] for part in ("p50", "p85", "p95", "beyond", "unknown")]
