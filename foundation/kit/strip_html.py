"""The loop strip as SVG: work stands tall, waiting lies low, blocked time is hatched, an open end has an arrow.

Lengths are attributes, because the CSP allows no inline style. A list draws fifty strips, so the text is put
together by hand; whatever comes from outside goes through `Words.kind` and `escape` first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from foundation.kit import vocabulary, wording
from foundation.kit.memory import per_language
from foundation.kit.strips import Bar, Part, bars, by_stage, parts_of, percent

# Where a bar begins and how tall it is, in percent of the strip's height.
TALL: Final = ("0", "100%")
LOW: Final = ("25%", "50%")
# A number needs this much room, in hundredths of a percent.
ROOM_FOR_MARK: Final = 240


@dataclass(frozen=True, slots=True)
class Words:
    """What a strip says, in one language: asked for once per strip."""

    labels: dict[str, str]
    marks: dict[str, str]
    units: wording.Units
    sentence: str

    def kind(self, stage: str) -> str:
        """Give the class of a stage's colour."""
        return f"s-{stage}" if stage in self.labels else "s-unknown"

    def length(self, microseconds: int) -> str:
        """Write a length."""
        return wording.duration(microseconds, names=self.units)


@per_language
def words() -> Words:
    """Give the words of strips in the reader's language."""
    stages = vocabulary.words("stage")
    return Words(
        {name: str(word.label) for name, word in stages.items()},
        {name: word.mark for name, word in stages.items()},
        wording.units(),
        gettext("%(total)s in all: %(stages)s"),
    )


def strip(value: Any, *, size: str = "row") -> SafeString:
    """Draw the strip of whatever `parts_of` reads. `size`: row, page, aggregate."""
    parts = parts_of(value)
    # What is over looks the same tomorrow, and lists show mostly that.
    return _drawn(parts, size) if parts and parts[-1].running else _over(tuple(parts), size)


@per_language
def _over(parts: tuple[Part, ...], size: str) -> SafeString:
    return _drawn(parts, size)


def _drawn(parts: Sequence[Part], size: str) -> SafeString:
    laid, said = bars(parts, size=size), words()
    label = escape(strip_text(parts, most=3 if size == "row" else 9))
    kind, drawn = f"strip-{escape(size)}", ""
    if not laid:
        kind += " is-empty"
    elif laid[-1].part.running:
        last = laid[-1].part
        kind += f" is-running {said.kind(last.stage)}{' ends-low' if last.shown_mode == 'waiting' else ''}"
    if laid:
        draw = _thin if size == "row" else _full
        drawn = f'<svg aria-hidden="true">{"".join([draw(bar, said) for bar in laid])}</svg>'
    # Everything in it is a number of ours, a known stage, or escaped.
    return SafeString(f'<span class="strip {kind}" role="img" aria-label="{label}">{drawn}</span>')


def strip_text(parts: Iterable[Part], *, most: int = 3) -> str:
    """Say what a strip shows: the whole, then the longest stages by name."""
    totals = by_stage(parts)
    if not totals:
        return gettext("No time recorded yet")
    said = words()
    longest = sorted(totals.items(), key=lambda item: -item[1])[:most]
    named = [f"{said.labels.get(stage, stage)} {said.length(time)}" for stage, time in longest]
    return said.sentence % {"total": said.length(sum(totals.values())), "stages": ", ".join(named)}


def _thin(bar: Bar, said: Words) -> str:
    shape = _shape(bar)
    return f'<rect class="{said.kind(bar.part.stage)}" {shape}/>{_hatch(bar, shape)}{_pass(bar)}'


def _full(bar: Bar, said: Words) -> str:
    part, shape = bar.part, _shape(bar)
    mark = ""
    if bar.width >= ROOM_FOR_MARK:
        mark = f'<text x="{bar.middle}" y="50%" dy="0.36em">{escape(said.marks.get(part.stage, "?"))}</text>'
    title = escape(f"{said.labels.get(part.stage, part.stage)} · {said.length(part.microseconds)}")
    return (
        f'<g class="{said.kind(part.stage)}"><title>{title}</title><rect {shape}/>{_hatch(bar, shape)}{mark}</g>'
        f"{_pass(bar)}"
    )


def _shape(bar: Bar) -> str:
    y, height = LOW if bar.part.shown_mode == "waiting" else TALL
    return f'x="{percent(bar.x)}" y="{y}" width="{percent(bar.width)}" height="{height}"'


def _hatch(bar: Bar, shape: str) -> str:
    # Fill by reference must be an attribute: in a style sheet it would be looked for in that file.
    return f'<rect class="hatch" {shape} fill="url(#kit-hatch)"/>' if bar.part.shown_mode == "blocked" else ""


def _pass(bar: Bar) -> str:
    return f'<line class="pass" x1="{bar.left}" x2="{bar.left}" y1="0" y2="100%"/>' if bar.starts_pass else ""
