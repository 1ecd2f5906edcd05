"""The picture of what was out when: a lane for each channel, a bar for each release, a step for each group. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

WIDTH: Final = 1000.0
LEFT: Final = 70.0
HEAD: Final = 26.0
LANE: Final = 48.0
BAR: Final = 22.0
STEP: Final = 8.0
LETTER: Final = 7.4  # how wide a letter of a label is, at most


@dataclass(frozen=True, slots=True)
class Phase:
    """A group of a rollout, from its beginning to the next one's. `state` is its rollout's while it is the last."""

    number: int
    begin: datetime
    end: datetime
    state: str
    title: str


@dataclass(frozen=True, slots=True)
class Out:
    """A release on a channel. `end`: it was withdrawn."""

    label: str
    title: str
    url: str
    channel: str
    begin: datetime
    end: datetime | None
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its label (empty where it would not fit), as SVG wants it."""

    x: str
    y: str
    width: str
    height: str
    label: str
    label_x: str
    label_y: str
    title: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line at the beginning of a month."""

    x: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """A channel's lane."""

    channel: str
    y: str
    text_y: str
    end_y: str  # of the name that stands at the right on a phone, where the left end is scrolled away
    boxes: list[Box] = field(default_factory=list)
    steps: list[Box] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to draw. Sizes are in the units of `view_box`."""

    lanes: list[Lane]
    ticks: list[Tick]
    height: str
    now_x: str

    @property
    def view_box(self) -> str:
        """The SVG's viewBox."""
        return f"0 0 {WIDTH:.0f} {self.height}"


def draw(outs: Iterable[Out], *, channels: Sequence[str], start: datetime, end: datetime) -> Picture:
    """Place what was out between `start` and `end`: on a lane, each release until the next one or its withdrawal."""
    known = list(outs)
    lanes = []
    for place, channel in enumerate(channels):
        top = HEAD + place * LANE
        lane = Lane(channel, _n(top), _n(top + BAR * 0.7), _n(top + LANE - 4))
        here = sorted((out for out in known if out.channel == channel), key=lambda out: out.begin)
        for number, out in enumerate(here):
            following = here[number + 1].begin if number + 1 < len(here) else end
            last = min(following, out.end or end, end)
            if last <= start or out.begin >= end:
                continue
            kind = "withdrawn" if out.end is not None else "out"
            lane.boxes.append(_box(out.begin, last, (start, end), top, BAR, out.label, out.title, out.url, kind))
            lane.steps.extend(
                _box(
                    phase.begin,
                    min(phase.end, end),
                    (start, end),
                    top + BAR + 3,
                    STEP,
                    "",
                    phase.title,
                    out.url,
                    f"{phase.state}-{phase.number % 2}" if phase.state == "done" else phase.state,
                )
                for phase in out.phases
                if phase.end > start and phase.begin < end
            )
        lanes.append(lane)
    height = HEAD + len(channels) * LANE
    ticks = [Tick(_n(_x(moment, (start, end))), moment) for moment in months(start, end)]
    return Picture(lanes, ticks, _n(height), _n(_x(end, (start, end))))


def months(start: datetime, end: datetime) -> list[datetime]:
    """Give the beginnings of the months after `start` and before `end`."""
    found = []
    moment = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while moment < end:
        if moment > start:
            found.append(moment)
        moment = (moment + timedelta(days=32)).replace(day=1)
    return found


def _box(  # noqa: PLR0917 -- a rectangle has so many sides
    begin: datetime,
    until: datetime,
    window: tuple[datetime, datetime],
    y: float,
    height: float,
    label: str,
    title: str,
    url: str,
    kind: str,
) -> Box:
    left = _x(max(begin, window[0]), window)
    width = max(_x(max(until, begin), window) - left, 2.0)
    fits = label if len(label) * LETTER + 8 <= width else ""
    return Box(_n(left), _n(y), _n(width), _n(height), fits, _n(left + 5), _n(y + height * 0.69), title, url, kind)


def _x(moment: datetime, window: tuple[datetime, datetime]) -> float:
    start, end = window
    return LEFT + (moment - start) / (end - start) * (WIDTH - LEFT)


def _n(value: float) -> str:
    """Write a number for SVG: the same in every language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
