"""Walks a whole document and compares each number in it with the answer; what nobody answered for fails by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from foundation.kit.wording import DAY, HOUR, MINUTE
from rnd.cycles.documents import Document, Section
from rnd.cycles.presenting import chart_of
from tests.cycles.slow.answer import Answer, Part
from tests.cycles.slow.figures import half_up

# Sentences that explain with a number in them, and show no figure.
EXPLAINING = (
    "Beside them: the loops from the p80 to the p90",
    "2 × means that it takes half as long",
    "Bars are equally wide and cover at least 95 %",
    "longer than half, 85 % or 95 % of them",
    "mean saved = sum of the stage ÷ 2 ÷ n",
    "From the loops finished on each of the last 90 days",
    "the exact convolution of the last 90 days",
    "By which day each is done with 85 %",
    "(Little’s law, 1961)",
    "Below 1 it became rarer",
    "off by a quarter",
    "with 13 weeks before it and the 13 weeks after it",
)


def compare(document: Document, answer: Answer) -> int:
    """Raise AssertionError with the place of every difference; give how many numbers were compared."""
    counted = Counted()
    counted.same("n", document.n, answer.n)
    counted.same("sections", [section.name for section in document.sections], list(answer.parts))
    for section in document.sections:
        counted.section(section, answer.parts[section.name])
    assert not counted.wrong, f"{document.report} {dict(document.filters)}:\n" + "\n".join(counted.wrong)
    return counted.numbers


class Counted:
    """What was compared, and what differs."""

    def __init__(self) -> None:
        self.numbers = 0
        self.wrong: list[str] = []

    def same(self, place: str, found: Any, expected: Any) -> None:
        self.numbers += _numbers(found)
        if found != expected:
            self.wrong.append(f"{place}: the page says {found!r}, it is {expected!r}")

    def section(self, section: Section, part: Part) -> None:
        name = section.name
        self.same(f"{name} figures", {one.key: (one.value, one.n) for one in section.figures}, dict(part.figures))
        self.same(f"{name} strip", dict(section.strip), dict(part.strip))
        self.same(f"{name} levels", _levels(section), dict(part.levels))
        self.same(f"{name} sentences", sorted(_sentences(section)), sorted(filter(None, part.says)))
        table = section.table
        self.same(f"{name} columns", [one.name for one in table.columns] if table else [], list(part.columns))
        if table is None:
            return
        rows = [list(row.values) for row in table.rows]
        self.same(f"{name} number of rows", len(rows), len(part.rows))
        for place, (row, expected) in enumerate(zip(rows, part.rows, strict=False)):
            for column, value, wanted in zip(part.columns, row, expected, strict=True):
                self.same(f"{name} row {place} {column}", value, wanted)
        self.same(f"{name} foot", list(table.foot.values) if table.foot else None, part.foot and list(part.foot))
        if section.chart is not None and table.rows:
            self.chart(section, part)

    def chart(self, section: Section, part: Part) -> None:
        """What is drawn, against numbers made from the answer and not from the table."""
        drawn = chart_of(section)
        found = [series["values"] for series in drawn["series"]]
        self.same(f"{section.name} drawn", found, drawings(section, part))
        draw = drawing(_longest(section, part))
        self.same(
            f"{section.name} drawn levels",
            {level["label"]: level["value"] for level in drawn["levels"]},
            {name: draw(value, "us") for name, value in part.levels.items()},
        )


def drawings(section: Section, part: Part) -> list[list[float | None]]:
    """Give the numbers that the section's chart draws, series by series, as the answer has them."""
    assert section.chart is not None
    draw, kinds = drawing(_longest(section, part)), _kinds(section)
    return [[draw(value, kinds[name]) for value in _column(part, name)] for name in _drawn(section)]


def _longest(section: Section, part: Part) -> int:
    lengths = [
        value for name in _drawn(section) if _kinds(section)[name] == "us" for value in _column(part, name) if value
    ]
    return max([*lengths, *part.levels.values()], default=0)


def _drawn(section: Section) -> list[str]:
    return [series.column for series in section.chart.series] if section.chart else []


def _kinds(section: Section) -> dict[str, str]:
    return {column.name: column.kind for column in section.table.columns} if section.table else {}


def _column(part: Part, name: str) -> list[Any]:
    return [row[list(part.columns).index(name)] for row in part.rows]


def drawing(longest: int) -> Callable[[Any, str], float | None]:
    """Lengths are drawn in days from two days on, in hours from two hours on, else in minutes; to two decimals."""
    unit = DAY if longest >= 2 * DAY else HOUR if longest >= 2 * HOUR else MINUTE

    def draw(value: Any, kind: str) -> float | None:
        if value is None:
            return None
        exact = Fraction(value, unit) if kind == "us" else Fraction(value) * (100 if kind == "share" else 1)
        return half_up(exact * 100) / 100

    return draw


def _levels(section: Section) -> dict[str, int]:
    return {level.label: level.value for level in section.chart.levels} if section.chart else {}


def _sentences(section: Section) -> list[str]:
    """Give every sentence of the section in which there is a figure."""
    said = [section.title, section.lede, *(note.text for note in section.notes), *(one.note for one in section.figures)]
    return [text for text in said if any(c.isdigit() for c in text) and not any(one in text for one in EXPLAINING)]


def _numbers(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_numbers(one) for one in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(_numbers(one) for one in value)
    return 0 if value is None else 1
