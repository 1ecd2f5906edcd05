"""The geometry of the loop strip: from time spent in stages to bars whose lengths are that time.

Pure: no Django, no HTML. Lengths come out as percentages with two decimals that add up to exactly 100.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

# A part that took any time at all stays visible, whatever it is compared with (in hundredths of a percent).
LEAST: Final = {"row": 120, "page": 35, "aggregate": 35}
WHOLE: Final = 10_000
WORK: Final = frozenset({"design", "build", "test"})


class Part(NamedTuple):
    """Time spent in one stage, in microseconds. `mode`: active, waiting or blocked. `running`: still goes on."""

    stage: str
    microseconds: int
    mode: str = ""
    running: bool = False
    pass_number: int = 1

    @property
    def shown_mode(self) -> str:
        """The mode, or the stage's usual one where none was given."""
        return self.mode or ("active" if self.stage in WORK else "waiting")


class Bar(NamedTuple):
    """A part's place on the strip, in hundredths of a percent of its length."""

    part: Part
    x: int
    width: int
    starts_pass: bool = False

    @property
    def left(self) -> str:
        """Where it begins, as an SVG percentage."""
        return percent(self.x)

    @property
    def length(self) -> str:
        """How long it is, as an SVG percentage."""
        return percent(self.width)

    @property
    def middle(self) -> str:
        """Where its mark stands, as an SVG percentage."""
        return percent(self.x + self.width // 2)


@lru_cache(maxsize=WHOLE + 1)
def percent(hundredths: int) -> str:
    """Write hundredths of a percent as an SVG length: 1234 → "12.34%"."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}%" if rest else f"{whole}%"


def parts_of(value: Any) -> list[Part]:
    """Read parts from what a page has: `Part`s, (stage, microseconds[, mode[, running]]) tuples, objects with
    `.stage` and `.microseconds`, a mapping stage → microseconds, or anything with `.parts` of these."""
    if value is None:
        return []
    if hasattr(value, "parts"):
        found = value.parts
        return parts_of(found() if callable(found) else found)
    if isinstance(value, dict):
        value = value.items()
    return [_part(item) for item in value]


def _part(item: Any) -> Part:
    if isinstance(item, Part):
        return item
    if isinstance(item, (tuple, list)):
        return Part(str(item[0]), int(item[1] or 0), *item[2:])
    return Part(
        str(item.stage),
        int(item.microseconds or 0),
        str(getattr(item, "mode", "") or ""),
        bool(getattr(item, "running", False)),
        int(getattr(item, "pass_number", 1) or 1),
    )


def joined(parts: Iterable[Part]) -> list[Part]:
    """Join neighbours of the same stage, mode and pass, and leave out parts without length that are over."""
    result: list[Part] = []
    for part in parts:
        if part.microseconds <= 0 and not part.running:
            continue
        last = result[-1] if result else None
        if last and (last.stage, last.shown_mode, last.pass_number) == (
            part.stage,
            part.shown_mode,
            part.pass_number,
        ):
            total = last.microseconds + max(part.microseconds, 0)
            result[-1] = Part(part.stage, total, last.mode, part.running, part.pass_number)
        else:
            result.append(part)
    return result


def by_stage(parts: Iterable[Part]) -> dict[str, int]:
    """Add up microseconds by stage, in order of first appearance."""
    totals: dict[str, int] = {}
    for part in parts:
        totals[part.stage] = totals.get(part.stage, 0) + max(part.microseconds, 0)
    return totals


def bars(parts: Sequence[Part], *, size: str = "row") -> list[Bar]:
    """Lay parts side by side over the whole length. Short ones are given `LEAST`; the longer ones pay for it."""
    shown = joined(parts)
    if not shown:
        return []
    least = min(LEAST.get(size, 35), WHOLE // len(shown))
    widths = shares([part.microseconds for part in shown], least=least)
    result: list[Bar] = []
    x = 0
    for part, width in zip(shown, widths, strict=True):
        starts = bool(result) and result[-1].part.pass_number != part.pass_number
        result.append(Bar(part, x, width, starts))
        x += width
    return result


def shares(values: Sequence[int], *, least: int = 0) -> list[int]:
    """Split 100 % (10,000) over non-negative values by largest remainder, none below `least`; the sum is exact."""
    total = sum(values)
    if not values:
        return []
    if total <= 0:
        values, total = [1] * len(values), len(values)
    room = WHOLE - least * len(values)
    if any(value * WHOLE < least * total for value in values):
        # Someone would vanish: everyone gets the least, and the rest is shared by what exceeds it.
        base, weights = least, list(values)
    else:
        base, weights, room = 0, list(values), WHOLE
    exact = [weight * room for weight in weights]
    result = [base + part // total for part in exact]
    by_remainder = sorted(range(len(values)), key=lambda i: (-(exact[i] % total), i))
    for i in by_remainder[: WHOLE - sum(result)]:
        result[i] += 1
    return result
