"""CSV: read as UTF-8 by spreadsheets, and no cell runs as a formula."""

import pytest

from foundation.kit.tables import csv_lines, csv_response, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "|x", "%x"])
def test_a_text_that_begins_like_a_formula_is_disarmed(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(("value", "cell"), [(-1, -1), (1.5, 1.5), (None, ""), ("a", "a"), ("a=1", "a=1")])
def test_other_values_stay(value: object, cell: object) -> None:
    assert safe_cell(value) == cell


def test_the_file_begins_with_its_mark_and_its_head() -> None:
    assert list(csv_lines(["a", "b"], [["x,y", 1]])) == ["\ufeffa,b\r\n", '"x,y",1\r\n']
    assert csv_response("loops", ["a"], [])["Content-Disposition"] == 'attachment; filename="loops.csv"'
