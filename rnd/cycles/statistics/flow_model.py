"""What if: the flow model, exact. It takes means of the present, changes one of them, and says what it assumes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The mean loop in microseconds and the throughput a day, as they are and as they would be.

    `assumes` names what must hold for it, by codes that pages put into words.
    """

    loop_before: Fraction
    loop_after: Fraction
    throughput_before: Fraction
    throughput_after: Fraction
    assumes: tuple[str, ...]


_DAY: Final = 86_400_000_000


def fewer_at_once(wip: int, throughput: Fraction, limit: int) -> WhatIf:
    """Cut the work in progress: by Little's law (1961), mean loop = WIP ÷ throughput, so it falls with the WIP.

    Throughput is loops a day and must be above 0; holds in the long run, while nobody runs out of work.
    """
    before, after = Fraction(wip) / throughput * _DAY, Fraction(min(wip, limit)) / throughput * _DAY
    return WhatIf(before, after, throughput, throughput, ("steady_state", "same_throughput", "nobody_idle"))


def quicker_stage(mean_loop: Fraction, mean_stage: Fraction, factor: Fraction, throughput: Fraction) -> WhatIf:
    """Make a stage `factor` times as fast: its mean shrinks, all others stay; what comes in still goes out."""
    after = mean_loop - mean_stage + mean_stage / factor
    return WhatIf(mean_loop, after, throughput, throughput, ("additive_means", "other_stages_same", "same_arrivals"))


def more_engineers(wip: int, throughput: Fraction, engineers: int, more: int = 1) -> WhatIf:
    """Add engineers where work is what limits the flow: throughput grows in proportion, and the loop falls with it."""
    faster = throughput * Fraction(engineers + more, engineers)
    before, after = Fraction(wip) / throughput * _DAY, Fraction(wip) / faster * _DAY
    return WhatIf(before, after, throughput, faster, ("steady_state", "work_is_the_limit", "same_wip", "no_ramp_up"))
