"""Times in words: two largest units, whole distances, exact moments with their zone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from foundation.kit import wording
from foundation.kit.wording import DAY, HOUR, MINUTE, SECOND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("microseconds", "expected"),
    [
        (None, "–"),
        (0, "0 s"),
        (1, "1 ms"),
        (250_000, "250 ms"),
        (59 * SECOND, "59 s"),
        (60 * SECOND, "1 min"),
        (90 * MINUTE, "1 h 30 min"),
        (3 * DAY + 4 * HOUR + 5 * MINUTE, "3 d 4 h"),
        (3 * DAY + 59 * MINUTE, "3 d"),
        (400 * DAY, "400 d"),
        (-2 * HOUR, "−2 h"),
    ],
)
def test_a_length_has_at_most_two_units(microseconds: int | None, expected: str) -> None:
    assert wording.duration(microseconds) == expected


def test_a_precise_length_leaves_nothing_out() -> None:
    assert wording.duration(DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND, precise=True) == "1 d 2 h 3 min 4 s"


@given(st.integers(min_value=SECOND, max_value=10**16))
def test_a_length_never_says_more_than_there_was(microseconds: int) -> None:
    sizes = {"d": DAY, "h": HOUR, "min": MINUTE, "s": SECOND}
    with translation.override("en"):
        words = wording.duration(microseconds).split()
    said = sum(int(count) * sizes[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert said <= microseconds < said + sizes[words[1]]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (2 * 3600, "2 hours ago"),
        (86_400, "1 day ago"),
        (45 * 86_400, "1 month ago"),
        (800 * 86_400, "2 years ago"),
        (-120, "in 2 minutes"),
        (-3 * 86_400, "in 3 days"),
    ],
)
def test_a_distance_is_told_in_its_largest_whole_unit(seconds: int, expected: str) -> None:
    assert wording.distance(NOW - timedelta(seconds=seconds), now=NOW) == expected


def test_an_exact_moment_names_its_zone() -> None:
    assert wording.exact(NOW) == "22 Nov 2026, 12:00 UTC"
    assert wording.iso(NOW) == "2026-11-22T12:00:00Z"
