"""Rounding that keeps sums: shares become whole units and still add up."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def apportion(shares: Mapping[K, Fraction], *, unit: int = 1) -> dict[K, int]:
    """Round shares to multiples of `unit` so that they still add up (largest remainder, Hamilton 1792).

    What they add up to is their exact sum, itself rounded half up to `unit`. Of equal remainders the one that
    stands first in `shares` is rounded up. Shares must not be negative.
    """
    parts = {key: share / unit for key, share in shares.items()}
    whole = {key: part.numerator // part.denominator for key, part in parts.items()}
    missing = round_half_up(sum(parts.values(), start=Fraction(0))) - sum(whole.values())
    by_remainder = sorted(parts, key=lambda key: whole[key] - parts[key])
    for key in by_remainder[:missing]:
        whole[key] += 1
    return {key: count * unit for key, count in whole.items()}


def round_half_up(value: Fraction) -> int:
    """Round to the nearest integer, a half upwards: 5/2 → 3."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
