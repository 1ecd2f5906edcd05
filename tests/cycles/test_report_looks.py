"""How reports are laid out: what has room, what stays together, what is left away because it would say nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.utils import translation

from foundation.kit import clock, wording
from rnd.cycles.actions import project_tickets, set_service_level
from rnd.cycles.documents import Chart, Column, Document, Row, Section, Series, Table
from rnd.cycles.presenting import STAGE_COLOURS, chart_of, percent, shown
from rnd.cycles.templatetags.reports import WINDOW, cells, is_window, together
from tests.cast import Cast
from tests.cycles.pages import loops, page
from tests.cycles.world import DAY0, quick_loop

HOUR = 3_600_000_000
NBSP = "\N{NO-BREAK SPACE}"


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    assert together("45 d 4 h to 59 d, 85 % of 20") == f"45{NBSP}d 4{NBSP}h to 59{NBSP}d, 85{NBSP}% of 20"
    assert together("від 45 д 4 год, 95 %") == f"від 45{NBSP}д 4{NBSP}год, 95{NBSP}%"
    # Words are no units, however short they are.
    assert together("1–8 of 10, 13 av 80") == "1–8 of 10, 13 av 80"


@pytest.mark.parametrize(("language", "said"), [("en", "4 May 2027"), ("uk", "4 тра 2027"), ("nb", "4 mai 2027")])
def test_a_day_is_written_as_moments_are(language: str, said: str) -> None:
    with translation.override(language):
        assert wording.day(date(2027, 5, 4)) == said
        assert wording.month(date(2027, 5, 4)) == said[2:]


@pytest.mark.parametrize(("language", "month"), [("en", "Nov"), ("uk", "лис"), ("nb", "nov")])
def test_a_chart_has_the_words_for_its_days(language: str, month: str) -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    with translation.override(language):
        table = Table([Column("at", "At", "moment"), Column("us", "Loop", "us")], [Row([late, HOUR])])
        chart = Chart("scatter", "Dots", "at", [Series("us", "info")])
        drawn = chart_of(Section("dots", "Dots", chart=chart, table=table), "Europe/Kyiv")
        assert drawn["months"][late.month - 1] == month
        assert wording.day(late.date()) == f"18 {month} 2026"
    # In Kyiv it is the nineteenth by then.
    ends = [datetime.fromtimestamp(drawn[name] / 1000, UTC) for name in ("from", "until")]
    assert ends == [datetime(2026, 11, day, 22, tzinfo=UTC) for day in (18, 19)]


def test_a_row_that_is_no_stage_has_the_colour_of_none() -> None:
    columns = [Column("what", "What"), Column("stage", "Stage", "stage", aside=True), Column("us", "Saves", "us")]
    table = Table(columns, [Row(["Half the work", None, HOUR]), Row(["Build twice as fast", "build", HOUR])])
    chart = Chart("bars", "What if?", "what", [Series("us", STAGE_COLOURS)])
    [series] = chart_of(Section("what_if", "What if?", chart=chart, table=table))["series"]
    assert series["colours"] == ["line-control", "stage-build"]


def test_bars_that_follow_each_other_are_named_by_where_they_begin() -> None:
    columns = [Column("length", "Length"), Column("since_us", "From", "us", aside=True), Column("n", "Loops", "count")]
    rows = [Row([f"bar {place}", 12 * place * HOUR, 1]) for place in range(4)]
    chart = Chart("bars", "Loops", "length", [Series("n", "info")], begins="since_us")
    drawn = chart_of(Section("histogram", "Loops", chart=chart, table=Table(columns, rows)))
    assert drawn["edges"] == ["0", "12 h", "1 d", f"≥{NBSP}1 d 12 h"]
    assert drawn["labels"] == ["bar 0", "bar 1", "bar 2", "bar 3"]
    assert "edges" not in chart_of(
        Section("plain", "Plain", chart=replace(chart, begins=""), table=Table(columns, rows))
    )


def test_a_promise_has_no_decimals() -> None:
    assert percent(Fraction(85, 100)) == f"85{NBSP}%"


def test_texts_and_keys_have_room_and_nothing_is_a_dash() -> None:
    columns = [
        Column("name", "Name"),
        Column("why", "Why"),
        Column("n", "n", "count"),
        Column("tasks", "Which", "tasks"),
    ]
    row = Row(["Battery manager 1.6.0", "x" * 61, 3, (1, 2, 3, 4)])
    assert [cell["look"] for cell in cells(Table(columns, [row]), row)] == ["words", "long", "right", "many-keys"]
    short = Row(["Radio", "", 3, (1,)])
    assert [cell["look"] for cell in cells(Table(columns, [short]), short)] == ["", "", "right", ""]
    assert shown("", "text") == shown(None, "us")


def test_only_a_long_table_is_a_window() -> None:
    rows = [Row([number]) for number in range(WINDOW + 1)]
    assert is_window(rows)
    assert not is_window(rows[1:])


def test_the_strip_is_explained_where_there_is_one() -> None:
    def has_strip(*sections: Section) -> bool:
        return Document("x", "X", "", None, 1, 0, {}, [], sections).has_strip  # type: ignore[arg-type]  # no matter when

    assert has_strip(Section("one", "One"), Section("two", "Two", strip={"triage": 5}))
    assert not has_strip(Section("one", "One"))


@pytest.mark.django_db
def test_the_ageing_list_speaks_of_promises_where_there_are_any(cast: Cast) -> None:
    ticket = quick_loop(cast, seen=DAY0, lengths=[HOUR] * 3, end="open", severity="S2")
    project_tickets(ticket_ids=[ticket.pk])
    client = cast.client_of("solveig")
    heads = re.compile(r'data-column="([a-z_]+)"')
    told = {"due_in", "chance", "like_it", "outlook"}
    assert not told & set(heads.findall(page(client, "/reports/ageing/", programme="sokil")))
    assert "due_in_us" in client.get("/reports/files/ageing.csv?programme=sokil").content.decode()
    set_service_level(actor=cast.actor("solveig"), programme=cast.programme, severity="S2", days=20)
    with clock.at(DAY0 + timedelta(days=1)):
        text = page(client, "/reports/ageing/", programme="sokil")
    assert told <= set(heads.findall(text))
    # Nothing finished yet that it could be compared with, and the page says so.
    assert "No open ticket is about to miss it." in text
    assert "Of 1 open ticket nobody can say: fewer than ten finished loops lived as long." in text
    assert "The least likely comes first." not in text


@pytest.mark.django_db
def test_the_tickets_behind_a_figure_say_what_they_are_narrowed_to(cast: Cast) -> None:
    loops(cast, 12)
    client = cast.client_of("solveig")
    text = page(client, "/reports/tickets/", show="open", stage="triage", severity="S2")
    for chip, left in (
        ("Severity: ", "show=open&stage=triage"),
        ("Show: still open", "stage=triage&severity=S2"),
        ("Stage: Triage", "show=open&severity=S2"),
    ):
        assert re.search(rf'<a class="filter-chip" href="[^"]*\?{left}">{chip}', text), chip
