"""The chances of a throughput equal the enumeration of every possible future."""

from __future__ import annotations

import time
from collections import Counter
from fractions import Fraction
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.statistics import throughput
from rnd.cycles.statistics.figures import P85

some = settings(max_examples=80, deadline=None)
histories = st.lists(st.integers(min_value=0, max_value=4), min_size=1, max_size=5)
chances = st.sampled_from([Fraction(1, 2), P85, Fraction(95, 100), Fraction(1)])


def futures(days: list[int], number: int) -> Counter[int]:
    """Every way in which `number` days can go, each like one of the past, by how many loops finish."""
    return Counter(sum(way) for way in product(days, repeat=number))


@some
@given(histories, st.integers(min_value=0, max_value=5), st.integers(min_value=0, max_value=25))
def test_weights_count_every_possible_future(days: list[int], number: int, below: int) -> None:
    every = futures(days, number)
    found = throughput.weights(days, number, below)
    assert found == [every[n] for n in range(len(found))]
    assert all(every[n] == 0 for n in range(len(found), below))


@some
@given(histories, st.integers(min_value=0, max_value=5), st.integers(min_value=0, max_value=25))
def test_the_chance_is_the_share_of_the_futures(days: list[int], number: int, n: int) -> None:
    every = futures(days, number)
    assert throughput.chance(days, n, number) == Fraction(
        sum(v for k, v in every.items() if k >= n), len(days) ** number
    )


@some
@given(histories, st.integers(min_value=1, max_value=5), chances)
def test_how_many_by_a_date_is_the_largest_count_that_is_likely_enough(
    days: list[int], number: int, p: Fraction
) -> None:
    every = futures(days, number)
    likely = [
        n
        for n in range(max(days) * number + 1)
        if Fraction(sum(v for k, v in every.items() if k >= n), len(days) ** number) >= p
    ]
    assert throughput.by_date(days, number, p) == max(likely)


@some
@given(histories, st.integers(min_value=0, max_value=9), st.sampled_from([Fraction(1, 2), P85]))
def test_when_these_are_done_is_the_first_day_that_is_likely_enough(days: list[int], n: int, p: Fraction) -> None:
    found = throughput.until_done(tuple(days), n, p)
    if not any(days) and n:
        assert found is None
        return
    assert found is not None
    assert throughput.chance(days, n, found) >= p
    assert found == 0 or throughput.chance(days, n, found - 1) < p


def test_what_can_never_be_done_has_no_day() -> None:
    assert throughput.until_done((0, 0), 1, P85) is None
    assert throughput.until_done((0, 1), 1, Fraction(1)) is None


def test_a_forecast_takes_less_than_five_milliseconds() -> None:
    chance = Random(1)
    history = tuple(chance.choice([0, 0, 1, 2, 3, 5, 8]) for _ in range(90))
    best = 1.0
    for _ in range(5):
        throughput.until_done.cache_clear()
        began = time.process_time()
        throughput.until_done(history, 100, P85)
        throughput.by_date(history, 30, P85)
        best = min(best, time.process_time() - began)
    assert best < 0.05  # ten times as long as on a quiet machine
