"""The graph of tags and branches: reduced to what matters, and still the same history."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from releases.graph import draw


def ancestors(graph: dict[str, list[str]], sha: str) -> set[str]:
    seen: set[str] = set()
    stack = list(graph[sha])
    while stack:
        one = stack.pop()
        if one not in seen:
            seen.add(one)
            stack += graph[one]
    return seen


@st.composite
def histories(pick: st.DrawFn) -> tuple[dict[str, list[str]], set[str]]:
    size = pick(st.integers(1, 25))
    graph = {
        f"c{n}": [f"c{p}" for p in sorted(pick(st.sets(st.integers(0, n - 1), max_size=3)))] if n else []
        for n in range(size)
    }
    return graph, pick(st.sets(st.sampled_from(sorted(graph)), min_size=1))


@given(histories())
def test_the_drawing_tells_just_the_ancestry_of_what_is_marked(world: tuple[dict[str, list[str]], set[str]]) -> None:
    graph, marked = world
    drawing = draw(graph, marked)
    by_row = {node.row: node for node in drawing.nodes}
    shown = {node.sha for node in drawing.nodes}
    assert marked <= shown
    assert len({(node.row, node.lane) for node in drawing.nodes}) == len(drawing.nodes)
    drawn = {node.sha: [by_row[row].sha for row, _lane in node.below] for node in drawing.nodes}
    for node in drawing.nodes:
        assert ancestors(drawn, node.sha) == ancestors(graph, node.sha) & shown
        assert all(row > node.row for row, _lane in node.below), "what it stands on is further down"


def test_a_straight_line_stays_in_one_lane_and_a_branch_gets_its_own() -> None:
    graph = {"a": [], "b": ["a"], "c": ["b"], "d": ["c"], "x": ["b"], "y": ["x"]}
    drawing = draw(graph, {"a", "d", "y"}, trunk="d")
    lanes = {node.sha: node.lane for node in drawing.nodes}
    assert lanes == {"a": 0, "b": 0, "d": 0, "y": 1}, "b is where they part"
    assert drawing.lanes == 2


def test_what_no_line_orders_stands_by_age() -> None:
    graph = {"a": [], "b": ["a"], "c": ["a"], "d": ["a"]}
    ages = {"a": 9.0, "b": 2.0, "c": 1.0, "d": 3.0}
    drawing = draw(graph, graph.keys(), age=ages.__getitem__)
    assert [node.sha for node in drawing.nodes] == ["c", "b", "d", "a"]
