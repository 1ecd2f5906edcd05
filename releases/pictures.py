"""What the graph and the timeline of a component's releases show, as plain numbers for their SVG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from foundation.kit import clock
from releases.graph import Drawing, draw
from releases.models import Channel, Commit, Publication, RefEvent, Release, Repository
from releases.queries import with_publications

ROW: Final = 32
LANE: Final = 14
LINE_WIDTH: Final = 720
BRANCHES_SHOWN: Final = 12
TIMELINE_ROWS: Final = 60


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A commit of the graph: the releases and branches at it; neither: a place where lines part."""

    sha: str
    committed_at: datetime
    releases: list[Release]
    branches: list[str]


@dataclass(frozen=True, slots=True)
class Graph:
    """The picture of one repository: paths and dots in pixels, one row a commit."""

    repository: Repository
    rows: list[GraphRow]
    width: int
    height: int
    paths: list[str] = field(default_factory=list)
    dots: list[tuple[int, int, str]] = field(default_factory=list)
    branches_hidden: int = 0


def graphs(actor: Actor, component: Component, *, all_branches: bool = False) -> list[Graph]:
    """Give a graph for each visible repository of the component; five queries each."""
    found = Repository.objects.visible_to(actor).filter(component=component).select_related("component")
    return [_graph(repository, all_branches=all_branches) for repository in found.order_by("name")]


def _graph(repository: Repository, *, all_branches: bool) -> Graph:
    commits = Commit.objects.filter(repository=repository)
    graph = dict(commits.values_list("sha", "parents"))
    releases: dict[str, list[Release]] = {}
    for release in with_publications(Release.objects.filter(repository=repository)).order_by("-sequence"):
        releases.setdefault(release.commit.sha, []).append(release)
    last = RefEvent.objects.filter(repository=repository, ref__startswith="refs/heads/")
    tips = {
        event.ref.removeprefix("refs/heads/"): event.new
        for event in last.order_by("ref", "-id").distinct("ref")
        if event.new in graph
    }
    dates = dict(commits.filter(sha__in=tips.values()).values_list("sha", "committed_at"))
    newest = sorted(tips, key=lambda name: (name != repository.default_branch, -dates[tips[name]].timestamp()))
    shown = newest if all_branches else newest[:BRANCHES_SHOWN]
    branches: dict[str, list[str]] = {}
    for name in shown:
        branches.setdefault(tips[name], []).append(name)
    drawing = draw(graph, releases.keys() | branches.keys(), trunk=tips.get(repository.default_branch, ""))
    moments = dict(commits.filter(sha__in=[node.sha for node in drawing.nodes]).values_list("sha", "committed_at"))
    rows = [
        GraphRow(node.sha, moments[node.sha], releases.get(node.sha, []), branches.get(node.sha, []))
        for node in drawing.nodes
    ]
    return Graph(
        repository,
        rows,
        width=drawing.lanes * LANE + LANE,
        height=len(rows) * ROW,
        paths=_paths(drawing),
        dots=[
            (_x(node.lane), _y(node.row), "tag" if row.releases else "tip" if row.branches else "fork")
            for node, row in zip(drawing.nodes, rows, strict=True)
        ],
        branches_hidden=len(tips) - len(shown),
    )


def _x(lane: int) -> int:
    return LANE + lane * LANE


def _y(row: int) -> int:
    return ROW // 2 + row * ROW


def _paths(drawing: Drawing) -> list[str]:
    """Give a line from each commit to those it stands on: down its lane, and across in the last half row."""
    paths = []
    for node in drawing.nodes:
        for row, lane in node.below:
            x, y, to_x, to_y = _x(node.lane), _y(node.row), _x(lane), _y(row)
            if lane == node.lane:
                paths.append(f"M{x} {y}V{to_y}")
            elif lane > node.lane:  # a branch that was merged here: out at once, then down its own lane
                paths.append(f"M{x} {y}C{x} {y + ROW // 2} {to_x} {y + ROW // 2} {to_x} {y + ROW}V{to_y}")
            else:
                paths.append(f"M{x} {y}V{to_y - ROW}C{x} {to_y - ROW // 2} {to_x} {to_y - ROW // 2} {to_x} {to_y}")
    return paths


@dataclass(frozen=True, slots=True)
class Bar:
    """A release was out as far as `channel` from `x` for `width` pixels."""

    channel: str
    x: int
    width: int
    until: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A release and its bars."""

    release: Release
    bars: list[Bar]
    y: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The published releases, newest first, over a common time line of `width` pixels."""

    rows: list[TimelineRow]
    ticks: list[tuple[int, datetime]]
    width: int
    height: int


def timeline(actor: Actor, component: Component) -> Timeline:
    """Give the timeline of what was published; two queries."""
    releases = list(
        with_publications(Release.objects.visible_to(actor).filter(component=component, publications__isnull=False))
        .distinct()
        .order_by("-sequence")[:TIMELINE_ROWS]
    )
    if not releases:
        return Timeline([], [], LINE_WIDTH, 0)
    now = clock.now()
    first = min(publication.at for release in releases for publication in release.publications.all())
    span = max((now - first).total_seconds(), 1.0)

    def x(moment: datetime) -> int:
        return round((moment - first).total_seconds() / span * LINE_WIDTH)

    rows = [
        TimelineRow(release, _bars(release, _end(release, releases[:number], now), x), number * ROW)
        for number, release in enumerate(releases)
    ]
    return Timeline(rows, [(x(at), at) for at in _months(first, now)], LINE_WIDTH, len(rows) * ROW)


def _end(release: Release, newer: list[Release], now: datetime) -> dict[str, tuple[datetime, str]]:
    """Give, by channel, when the release was no longer the newest there, and why: withdrawn, followed or still out."""
    ends: dict[str, tuple[datetime, str]] = {}
    for channel in Channel:
        followed = [
            publication.at
            for other in newer
            for publication in other.publications.all()
            if Channel(publication.channel) in channel.received
        ]
        end, why = (min(followed), "followed") if followed else (now, "out")
        if release.withdrawn_at is not None and release.withdrawn_at < end:
            end, why = release.withdrawn_at, "withdrawn"
        ends[channel.value] = end, why
    return ends


def _bars(release: Release, ends: dict[str, tuple[datetime, str]], place: Callable[[datetime], int]) -> list[Bar]:
    found: list[Publication] = sorted(release.publications.all(), key=lambda publication: publication.at)
    bars = []
    for number, publication in enumerate(found):
        end, why = ends[publication.channel]
        if number + 1 < len(found):
            end, why = found[number + 1].at, "promoted"
        start = place(publication.at)
        bars.append(Bar(publication.channel, start, max(place(max(end, publication.at)) - start, 4), why))
    return bars


def _months(first: datetime, now: datetime) -> list[datetime]:
    """Give at most twelve firsts of months between."""
    months, at = [], first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while at <= now:
        if at >= first:
            months.append(at)
        at = at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
    step = -(-len(months) // 12) or 1
    return months[::step]
