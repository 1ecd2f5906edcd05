"""What writes whole lists: a chunk at a time, in constant memory, and nothing lost where a chunk or a sheet ends."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from rnd.cycles.documents import Column
from rnd.cycles.files import sheets, whole
from rnd.cycles.files.sheets import whole_xlsx
from rnd.cycles.files.streamed import whole_csv, whole_json
from tests.cycles.books import sheets_of
from tests.cycles.world import DAY0

HOUR = 3_600_000_000


def listed(n: int, pulled: list[int] | None = None) -> whole.Whole:
    """Give a list of so many rows; `pulled` counts how many of them were asked for."""

    def rows() -> Iterator[Sequence[Any]]:
        for number in range(n):
            if pulled is not None:
                pulled[0] += 1
            yield number, f"Number {number}", number * HOUR, DAY0

    columns = [Column("ticket", "Ticket", "ticket"), Column("title", "Title"), Column("age_us", "Age", "us")]
    columns.append(Column("since", "Since", "moment"))
    return whole.Whole("ageing", "Ageing", DAY0, n, {"programme": "sokil"}, columns, rows())


@pytest.mark.parametrize("write", [whole_csv, whole_json])
def test_a_chunk_leaves_before_the_next_is_read(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "CHUNK", 10)
    pulled = [0]
    for number, piece in enumerate(write(listed(95, pulled))):
        assert pulled[0] <= 10 * number
        assert len(piece) < 1500
    assert pulled == [95]


@pytest.mark.parametrize("n", [0, 1, 10, 11])
def test_json_is_one_object_wherever_a_chunk_ends(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "CHUNK", 10)
    told = json.loads("".join(whole_json(listed(n))))
    assert [row[1] for row in told["rows"]] == [f"Number {number}" for number in range(n)]
    assert told["rows"][:1] == [["FB-0", "Number 0", 0, DAY0.isoformat()]][:n]


def test_what_does_not_fit_on_a_sheet_goes_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_OF_A_SHEET", 4)
    monkeypatch.setattr(whole, "CHUNK", 5)
    with whole_xlsx(listed(7)) as made:
        book = sheets_of(made.read())
    assert list(book) == ["Report", "Ageing", "Ageing 2", "Ageing 3"]
    rows = []
    for name in list(book)[1:]:
        head, *some = book[name]
        assert head == ["Ticket", "Title", "Age (days)", "Since (UTC)"]
        assert 1 <= len(some) <= 3
        rows += some
    assert [row[0] for row in rows] == [f"FB-{number}" for number in range(7)]
    assert book["Report"][-1][0] == (
        "A sheet holds 4 rows at most, so the list goes on from sheet to sheet. "
        "All 7 rows are here: Ageing, Ageing 2, Ageing 3."
    )  # fmt: skip
    with whole_xlsx(listed(3)) as made:
        alone = sheets_of(made.read())
    assert list(alone) == ["Report", "Ageing"]
    assert "goes on" not in str(alone["Report"])


@pytest.mark.parametrize("write", [whole_csv, whole_json, whole_xlsx])
def test_ten_times_the_rows_take_no_more_memory(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "CHUNK", 200)
    few, many = (_peak(write, n) for n in (2000, 20_000))
    # Were they all held, it would be ten times as much; threads of earlier tests may hold a little too.
    assert many < few * 2, (few, many)


def _peak(write: Any, n: int) -> int:
    """Give the most memory that was held at a time, in bytes, while a list of so many rows was written."""
    _drain(write(listed(10)))
    tracemalloc.start()
    try:
        _drain(write(listed(n)))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _drain(made: Any) -> None:
    if isinstance(made, Iterator) and not hasattr(made, "read"):
        for _piece in made:
            pass
    else:
        made.close()
