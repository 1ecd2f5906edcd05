"""How many loops come in so many days, exactly: powers of a polynomial, and where their sums cross a share.

Nothing here knows Django or the time of day, and there is no float in it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from operator import mul


def power(coefficients: Sequence[int], exponent: int) -> list[int]:
    """Give the coefficients of a polynomial's power; none of them may be negative.

    Kronecker's substitution: the polynomial becomes one whole number, with so many bytes for each coefficient that none
    runs over into the next, and Python multiplies whole numbers much faster than we could their parts.
    """
    width = (sum(coefficients) ** exponent).bit_length() // 8 + 1
    packed = int.from_bytes(b"".join(one.to_bytes(width, "little") for one in coefficients), "little")
    length = (len(coefficients) - 1) * exponent + 1
    raw = (packed**exponent).to_bytes(width * length, "little")
    return [int.from_bytes(raw[place : place + width], "little") for place in range(0, len(raw), width)]


class Below:
    """In how many ways at most r loops come in `number` days (1 or more) that are each like one of `days`.

    The days are split in two halves: of one the ways to each count, of the other the ways to each count or fewer. So
    one question is one sum over products, and the ways of all days together are never written down.
    """

    def __init__(self, days: Sequence[int], number: int) -> None:
        least, counted = min(days), Counter(days)
        once = [counted.get(count, 0) for count in range(least, max(days) + 1)]
        self.ways = len(days) ** number
        self.least, self.most = least * number, max(days) * number
        self._one = power(once, number // 2)
        other = self._one if number % 2 == 0 else power(once, number - number // 2)
        self._up_to = list(accumulate(other))
        self._of_one = [0, *accumulate(self._one)]
        self._back = self._up_to[::-1]

    def at_most(self, count: int) -> int:
        """Give the ways in which at most `count` loops come."""
        r, last = count - self.least, len(self._up_to) - 1
        if r < 0:
            return 0
        # Whatever the first half is, up to here the second may be anything.
        free = min(max(0, r - last), len(self._one))
        end = min(r + 1, len(self._one))
        back = self._back[last - r + free : last - r + end]
        bound: int = sum(map(mul, self._one[free:end], back))
        return self._of_one[free] * self._up_to[last] + bound

    def promised(self, p: Fraction) -> int:
        """Give the largest count that is reached in at least the share p of all ways."""
        # P(S ≥ c) ≥ p means: the ways to at most c − 1 are at most (1 − p) of all.
        limit = self.ways * (p.denominator - p.numerator) // p.denominator
        return self.least + bisect_left(_From(self), limit + 1)


class _From:
    """What `bisect` searches: at each place the ways to at most so many loops."""

    def __init__(self, below: Below) -> None:
        self._below = below

    def __len__(self) -> int:
        return self._below.most - self._below.least + 1

    def __getitem__(self, place: int) -> int:
        return self._below.at_most(self._below.least + place)
