"""Which commits are in which releases: equal to `git rev-list`, on made-up graphs and on a real history."""

import os
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from releases.git.environment import Access
from releases.git.membership import Propagation, from_graph, membership
from releases.git.refs import snapshot
from releases.git.run import open_mirror
from tests.releases.gitbox import GitBox, git_lines

Graph = list[list[int]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Graph, dict[int, int]]:
    """A history (commit n has parents below n, none or many) and releases (bit → commit)."""
    size = draw(st.integers(1, 30))
    graph = [sorted(draw(st.sets(st.integers(0, n - 1), max_size=3))) if n else [] for n in range(size)]
    releases = draw(st.dictionaries(st.integers(0, 90), st.integers(0, size - 1), max_size=8))
    return graph, releases


def reach(graph: Graph, start: int) -> set[int]:
    """The definition, without cleverness: the commit and everything behind it."""
    return {start}.union(*(reach(graph, parent) for parent in graph[start]))


def name(commit: int) -> bytes:
    return b"%040x" % commit


@given(graphs())
def test_a_commit_is_in_a_release_just_when_the_release_descends_from_it(drawn: tuple[Graph, dict[int, int]]) -> None:
    graph, releases = drawn
    tips: dict[bytes, int] = {}
    for bit, commit in releases.items():
        tips[name(commit)] = tips.get(name(commit), 0) | 1 << bit
    propagation = Propagation(tips)
    propagation.add(b" ".join([name(n), *map(name, graph[n])]) for n in reversed(range(len(graph))))
    bits_of = propagation.bits_of
    for bit, tip in releases.items():
        inside = {n for n in range(len(graph)) if bits_of[name(n)] >> bit & 1}
        assert inside == reach(graph, tip)
    parents_of = {name(n): list(map(name, graph[n])) for n in range(len(graph))}
    stored = from_graph(parents_of, {bit: name(commit) for bit, commit in releases.items()})
    assert stored == {sha: bits for sha, bits in bits_of.items() if bits}


def test_merges_bring_the_whole_side_branch(box: GitBox, access: Access) -> None:
    base = box.commit("Base")
    box.branch("side")
    side = box.commit("Side")
    box.git("checkout", "--quiet", "main")
    main = box.commit("Main")
    box.git("tag", "before", main)
    box.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
    merge = box.head()
    with open_mirror(box.path / ".git", access) as opened:
        found = membership(opened, {0: main, 1: merge})
    assert found == {sha.encode(): bits for sha, bits in ((base, 3), (main, 3), (side, 2), (merge, 2))}


def test_no_releases_hold_nothing(box: GitBox, access: Access) -> None:
    box.commit("One")
    with open_mirror(box.path / ".git", access) as opened:
        assert membership(opened, {}) == {}


def test_every_tag_of_the_real_history_holds_what_git_lists(real: Path) -> None:
    with open_mirror(real, Access(url=str(real), local=real)) as opened:
        tags = {ref.tag: ref.commit for ref in snapshot(opened).values() if ref.tag}
        started = time.perf_counter()
        found = membership(opened, dict(enumerate(tags.values())))
        took = time.perf_counter() - started
    assert len(tags) == 83
    for bit, tag in enumerate(tags):
        assert {sha.decode() for sha, bits in found.items() if bits >> bit & 1} == set(
            git_lines(real, "rev-list", f"refs/tags/{tag}")
        )
    started = time.perf_counter()
    git_lines(real, "rev-list", "--topo-order", "--parents", "--all")
    once = time.perf_counter() - started
    if os.environ.get("SHOW_TIMES"):
        print(f"membership {took:.3f} s, one rev-list {once:.3f} s, {len(set(found.values()))} classes")  # noqa: T201 -- a figure for whoever runs it with -s
