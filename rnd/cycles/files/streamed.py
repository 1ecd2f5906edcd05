"""A whole list as CSV or JSON, written while it is read: a chunk at a time leaves before the next one is looked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from rnd.cycles.documents import Column
from rnd.cycles.documents_json import plain
from rnd.cycles.files.tables import KEYS, head_of, preface, value_of
from rnd.cycles.files.whole import Whole


def whole_csv(whole: Whole) -> Iterator[str]:
    """Give the text piece by piece: first what it is, then every row."""
    # The mark lets a spreadsheet see that it is UTF-8.
    yield "\ufeff" + _lines([*preface(whole), [], [head_of(column) for column in whole.columns]])
    kinds = [column.kind for column in whole.columns]
    for chunk in whole.chunks():
        yield _lines([[value_of(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in chunk])


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def whole_json(whole: Whole) -> Iterator[str]:
    """Give one object piece by piece: what it is, `columns`, and in `rows` every row, a list in their order.

    A stream that breaks off ends in the middle of the object, which no reader takes for a shorter list.
    """
    head = {
        "report": whole.report,
        "title": whole.title,
        "as_of": whole.as_of.isoformat(),
        "definition": whole.definition,
        "n": whole.n,
        "filters": dict(whole.filters),
        "columns": [{"name": one.name, "label": one.label, "kind": one.kind} for one in whole.columns],
    }
    yield f'{_dumped(head)[:-1]},"rows":['
    before = ""
    for chunk in whole.chunks():
        yield before + _dumped([_json_row(row, whole.columns) for row in chunk])[1:-1]
        before = ","
    yield "]}"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _json_row(row: Sequence[Any], columns: Sequence[Column]) -> list[Any]:
    return [_json_value(value, column.kind) for value, column in zip(row, columns, strict=True)]


def _json_value(value: Any, kind: str) -> Any:
    """Give exact numbers, ISO 8601 and keys; texts as they are, for no reader of JSON takes one for a formula."""
    return KEYS[kind](value) if value is not None and kind in KEYS else plain(value)
