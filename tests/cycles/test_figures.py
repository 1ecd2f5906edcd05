"""The figures of reports against their plainest definitions."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.statistics import binomial
from rnd.cycles.statistics.binomial import quantile_ranks
from rnd.cycles.statistics.figures import (
    FEWEST,
    P50,
    P85,
    P95,
    PERCENTILES,
    TAIL,
    means,
    nearest_rank,
    percentile,
    ranks,
)

values = st.lists(st.integers(min_value=0, max_value=50), min_size=FEWEST, max_size=60).map(sorted)
probabilities = st.sampled_from([*PERCENTILES, Fraction(1, 3), Fraction(1, 100)])


@given(values, probabilities)
def test_a_percentile_is_the_smallest_observed_value_that_at_least_p_of_the_items_meet(
    ordered: list[int], p: Fraction
) -> None:
    met = [v for v in ordered if Fraction(sum(w <= v for w in ordered), len(ordered)) >= p]
    assert percentile(ordered, p).value == met[0]


def test_eighty_five_percent_of_twenty_means_seventeen_and_not_one_less() -> None:
    found = percentile(range(1, 21), P85)
    assert found.value == 17
    assert nearest_rank(100, Fraction(55, 100)) == 55  # in floats, ceil(0.55 × 100) is 56


def test_percentiles_are_hidden_below_ten_items() -> None:
    assert percentile(range(9), P50).hidden
    assert percentile([], P50).hidden
    assert not percentile(range(10), P50).hidden


def probability(n: int, p: Fraction, ks: range) -> Fraction:
    return sum((comb(n, k) * p**k * (1 - p) ** (n - k) for k in ks), start=Fraction(0))


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=80), probabilities)
def test_the_interval_is_the_narrowest_with_at_most_a_fortieth_on_each_side(n: int, p: Fraction) -> None:
    low, high = quantile_ranks(n, p, TAIL)
    assert probability(n, p, range(low)) <= TAIL < probability(n, p, range(low + 1))
    assert probability(n, p, range(high, n + 1)) <= TAIL < probability(n, p, range(high - 1, n + 1))


def test_the_interval_agrees_with_the_normal_approximation_of_the_textbooks() -> None:
    """For the median of 100: 50 ± 1.96 · √100 / 2 is 40.2 to 59.8; rounded outwards, as ranks: 40 and 61."""
    assert ranks(100, P50) == (40, 50, 61)
    assert ranks(10, P95) == (8, 10, None)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=250), probabilities)
def test_enclosing_the_weights_decides_as_the_exact_weights_do(n: int, p: Fraction) -> None:
    exact = binomial._ranks(binomial._exact(n, p), TAIL)
    assert binomial._ranks(binomial._enclosed(n, p, 64), TAIL) == exact
    assert binomial._ranks(binomial._enclosed(n, p, 8), TAIL) in (exact, None)


def test_a_million_items_have_an_interval_too() -> None:
    low, high = quantile_ranks(1_000_000, P50, TAIL)
    assert (low, high) == (499_020, 500_981)


@pytest.mark.parametrize("unit", [1, 1000, 864_000_000])
@given(
    sums=st.dictionaries(st.sampled_from("abcdefghi"), st.integers(min_value=0, max_value=10**14), min_size=1),
    n=st.integers(min_value=1, max_value=1000),
)
def test_means_add_up_to_the_mean_of_the_whole(unit: int, sums: dict[str, int], n: int) -> None:
    found = means(sums, n, unit=unit)
    whole = means({"all": sum(sums.values())}, n, unit=unit)
    assert sum(found.values()) == whole["all"]
    assert all(abs(found[key] - Fraction(total, n)) < unit for key, total in sums.items())
