"""Local times of a history: what comes twice or never when the clocks change is read so that each case is in order."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from rnd.cycles.clock.moments import from_us, to_us
from rnd.cycles.history import tables, xes
from rnd.cycles.history.cases import StageMap, Zoned, measure

SECOND = 1_000_000
OSLO = ZoneInfo("Europe/Oslo")

XES = b"""<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="7"/>
<event><string key="concept:name" value="Open"/><string key="lifecycle:transition" value="start"/>
<date key="time:timestamp" value="2024-10-27T02:30:00.000+02:00"/></event>
<event><string key="concept:name" value="Done"/><date key="time:timestamp" value="2024-10-27T02:30:00.000+01:00"/>
</event></trace></log>"""


def test_offsets_count_across_the_change_of_the_clocks() -> None:
    (case,) = xes.read(BytesIO(XES), Zoned(UTC))
    assert [event.state for event in case.events] == ["Open/start", "Done"]
    measured = measure(case, StageMap())
    assert measured is not None
    assert measured.total == 3600 * SECOND


CSV = """Key,When,State
A,2024-10-27 02:10:00,open
B,2024-03-31 02:30:00,open
A,2024-10-27 02:50:00,work
A,2024-10-27 02:20:00,closed
"""
COLUMNS = {"case": "Key", "time": "When", "state": "State"}


def test_a_local_hour_that_comes_twice_is_the_one_that_keeps_the_case_in_order() -> None:
    zoned = Zoned(OSLO)
    cases = {case.name: case for case in tables.read(BytesIO(CSV.encode()), zoned, COLUMNS)}
    found = measure(cases["A"], StageMap())
    assert found is not None
    assert found.states == {"open": 40 * 60 * SECOND, "work": 30 * 60 * SECOND}
    assert (zoned.ambiguous, zoned.impossible) == (3, 1)
    assert cases["B"].events[0].at == to_us(datetime(2024, 3, 31, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_lines_that_cannot_have_been_written_in_their_order_stand_by_their_clocks(order: tuple[int, ...]) -> None:
    told = [
        ("2024-10-27T01:50:00", "open"), ("2024-10-27T02:20:00", "work"), ("2024-10-27T02:50:00", "test"),
        ("2024-10-27T03:10:00", "closed"),
    ]  # fmt: skip
    found = local(*(told[index] for index in order))
    assert [state for _at, state in found] == ["open", "work", "test", "closed"] or order in READABLE
    assert found[0] == ("23:50", "open")
    assert found[-1] == ("02:10", "closed")


# The one of these that happened in the order of its lines: work began in the second of the two hours.
READABLE = [(0, 2, 1, 3)]


def local(*told: tuple[str, str]) -> list[tuple[str, str]]:
    """Give moments and states as a CSV brings them out, in UTC."""
    lines = "".join(f"A,{moment},{state}\n" for moment, state in told)
    (case,) = tables.read(BytesIO(f"case,time,state\n{lines}".encode()), Zoned(OSLO), {})
    return [(f"{from_us(event.at):%H:%M}", event.state) for event in case.events]


def test_a_local_time_does_not_go_behind_what_is_certain() -> None:
    told = [("2024-10-27T02:40:00", "closed"), ("2024-10-27T02:30:00+01:00", "open")]
    assert local(*told) == local(*reversed(told)) == [("01:30", "open"), ("01:40", "closed")]
    told = [("2024-10-27T03:30:00", "closed"), ("2024-10-27T02:30:00", "open")]
    assert local(*told) == local(*reversed(told)) == [("00:30", "open"), ("02:30", "closed")]


def test_a_local_time_that_never_came_stays_before_what_came_next() -> None:
    told = [("2024-03-31T02:30:00", "open"), ("2024-03-31T03:10:00", "closed")]
    assert local(*told) == local(*reversed(told)) == [("01:10", "open"), ("01:10", "closed")]
    assert local(("2024-03-31T01:50:00", "a"), ("2024-03-31T02:30:00", "b"), ("2024-03-31T02:40:00", "c")) == [
        ("00:50", "a"), ("01:30", "b"), ("01:40", "c"),
    ]  # fmt: skip
