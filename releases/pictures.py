"""What the graph of a component's tags and branches shows, as plain numbers for its SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from releases.graph import Drawing, draw
from releases.models import Commit, RefEvent, Release, Repository
from releases.parts import tips_of
from releases.queries import with_publications

ROW: Final = 32
LANE: Final = 14
BRANCHES_SHOWN: Final = 12


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
    """Give a graph for each visible repository of the component; six queries each."""
    found = Repository.objects.visible_to(actor).filter(component=component).select_related("component")
    return [_graph(repository, all_branches=all_branches) for repository in found.order_by("name")]


def _graph(repository: Repository, *, all_branches: bool) -> Graph:
    commits = Commit.objects.filter(repository=repository)
    known = {sha: (parents, at) for sha, parents, at in commits.values_list("sha", "parents", "committed_at")}
    graph = {sha: parents for sha, (parents, _at) in known.items()}
    releases: dict[str, list[Release]] = {}
    at = dict(tips_of(repository))
    for release in with_publications(Release.objects.filter(pk__in=at)).order_by("-sequence"):
        releases.setdefault(at[release.pk], []).append(release)
    last = RefEvent.objects.filter(repository=repository, ref__startswith="refs/heads/")
    tips = {
        event.ref.removeprefix("refs/heads/"): event.new
        for event in last.order_by("ref", "-id").distinct("ref")
        if event.new in graph
    }
    newest = sorted(tips, key=lambda name: (name != repository.default_branch, -known[tips[name]][1].timestamp()))
    shown = newest if all_branches else newest[:BRANCHES_SHOWN]
    branches: dict[str, list[str]] = {}
    for name in shown:
        branches.setdefault(tips[name], []).append(name)
    drawing = draw(
        graph,
        releases.keys() | branches.keys(),
        trunk=tips.get(repository.default_branch, ""),
        age=lambda sha: -known[sha][1].timestamp(),
    )
    rows = [
        GraphRow(node.sha, known[node.sha][1], releases.get(node.sha, []), branches.get(node.sha, []))
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
