"""The loop strip's geometry: lengths are the time spent, exact, and nothing that took time vanishes."""

from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from foundation.kit.strips import LEAST, WHOLE, Part, bars, by_stage, joined, parts_of, percent, shares

TIMES = st.lists(st.integers(min_value=0, max_value=10**15), min_size=1, max_size=40)
STAGES = st.sampled_from(["transit", "triage", "queue", "design", "build", "test", "release", "install", "verify"])
PARTS = st.lists(st.builds(Part, STAGES, st.integers(min_value=1, max_value=10**14)), max_size=40)


@given(TIMES)
def test_shares_add_up_to_exactly_the_whole(values: list[int]) -> None:
    assert sum(shares(values)) == WHOLE


@given(TIMES)
def test_shares_are_within_one_hundredth_of_a_percent_of_the_truth(values: list[int]) -> None:
    total = sum(values)
    if total:
        assert all(abs(share - value * WHOLE / total) < 1 for share, value in zip(shares(values), values, strict=True))


@given(PARTS, st.sampled_from(sorted(LEAST)))
def test_bars_lie_side_by_side_over_the_whole_length(parts: list[Part], size: str) -> None:
    laid = bars(parts, size=size)
    x = 0
    for bar in laid:
        assert bar.x == x
        x += bar.width
    assert x == (WHOLE if laid else 0)


@given(PARTS, st.sampled_from(sorted(LEAST)))
def test_whatever_took_time_can_be_seen(parts: list[Part], size: str) -> None:
    laid = bars(parts, size=size)
    assert all(bar.width >= min(LEAST[size], WHOLE // len(laid)) for bar in laid)


@given(PARTS)
def test_a_longer_part_is_never_drawn_shorter(parts: list[Part]) -> None:
    laid = sorted(bars(parts), key=lambda bar: bar.part.microseconds)
    assert all(a.width <= b.width + 1 for a, b in pairwise(laid))


def test_neighbours_of_one_stage_are_joined_unless_their_mode_or_pass_differs() -> None:
    parts = [Part("build", 1), Part("build", 2), Part("build", 3, "blocked"), Part("build", 4, pass_number=2)]
    assert [part.microseconds for part in joined(parts)] == [3, 3, 4]


def test_a_part_without_length_is_left_out_unless_it_still_runs() -> None:
    assert joined([Part("transit", 0), Part("triage", 0, running=True)]) == [Part("triage", 0, running=True)]


def test_a_new_pass_is_marked_where_it_begins() -> None:
    laid = bars([Part("verify", 5), Part("triage", 5, pass_number=2)])
    assert [bar.starts_pass for bar in laid] == [False, True]


def test_parts_are_read_from_whatever_a_page_has() -> None:
    expected = [Part("queue", 7)]
    assert parts_of([("queue", 7)]) == expected
    assert parts_of({"queue": 7}) == expected
    assert parts_of(SimpleNamespace(parts=[("queue", 7)])) == expected
    assert parts_of(SimpleNamespace(parts=lambda: [("queue", 7)])) == expected
    assert parts_of([SimpleNamespace(stage="queue", microseconds=7)]) == expected
    assert parts_of([("build", 7, "blocked", True)]) == [Part("build", 7, "blocked", running=True)]
    assert parts_of(None) == []


def test_work_is_active_and_everything_else_waits_unless_told_otherwise() -> None:
    assert Part("test", 1).shown_mode == "active"
    assert Part("install", 1).shown_mode == "waiting"
    assert Part("test", 1, "blocked").shown_mode == "blocked"


def test_lengths_are_written_as_svg_reads_them() -> None:
    assert [percent(n) for n in (0, 5, 1234, 10_000)] == ["0%", "0.05%", "12.34%", "100%"]


def test_time_is_added_up_by_stage_in_order_of_appearance() -> None:
    assert list(by_stage([Part("queue", 1), Part("triage", 2), Part("queue", 3)]).items()) == [
        ("queue", 4),
        ("triage", 2),
    ]
