"""Versions out of tags, the order of releases, the plan of classes, notes: pure, with properties."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.kit.markdown import render
from releases.classes import changed, plan_classes
from releases.models import Repository
from releases.notes import MAX_LINES, escape, notes_of
from releases.versions import Tip, in_order, is_candidate, natural, pattern_problem, version_of
from tests.releases.records import CommitRecord

DEFAULT: str = Repository._meta.get_field("tag_pattern").default


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v1.0", "1.0"), ("1.2.3", "1.2.3"), ("v2.0-rc.1", "2.0-rc.1"), ("R9_OK_2020_04_13", "R9_OK_2020_04_13"),
        ("nightly", ""), ("latest", ""), ("release/1.0", ""), ("v" + "1" * 200, ""), ("1.0 beta", ""),
    ],
)  # fmt: skip
def test_the_default_pattern_takes_every_tag_with_a_number(tag: str, version: str) -> None:
    assert version_of(tag, DEFAULT) == version


def test_a_pattern_of_ones_own_names_the_version_by_its_group() -> None:
    assert version_of("radio-3.1", r"^radio-(.+)$") == "3.1"
    assert version_of("radio-latest", r"^radio-(.+)$") == ""
    assert version_of("x", r"^(a)?x$") == ""
    assert [pattern_problem(p) for p in (r"^(.+)$", "(", "x", "(a)(b)")] == ["", "syntax", "groups", "groups"]


@pytest.mark.parametrize(
    "version", ["1.0.0-RC1", "2.0rc2", "3.4-ALPHA", "1.0-beta.2", "4.0.0-dev", "2.0a1", "v0.1.3RC2"]
)
def test_candidates_are_told_by_their_name(version: str) -> None:
    assert is_candidate(version)


@pytest.mark.parametrize("version", ["1.0.0", "2021.4", "1.2.3-hotfix", "R9_OK_2020", "1.0-archive", "2.0-prepared"])
def test_finals_are_not_mistaken_for_candidates(version: str) -> None:
    assert not is_candidate(version)


def test_versions_sort_as_people_count() -> None:
    assert sorted(["1.10", "1.9", "1.9.1", "1.9a"], key=natural) == ["1.9", "1.9.1", "1.9a", "1.10"]


@given(st.data())
def test_no_release_stands_before_one_that_it_contains(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 8))
    direct = {n: data.draw(st.sets(st.integers(0, n - 1))) if n else set() for n in range(size)}

    def behind(n: int) -> set[int]:
        return direct[n].union(*(behind(p) for p in direct[n]))

    start = datetime(2026, 1, 1, tzinfo=UTC)
    committed = {str(n): start + timedelta(days=data.draw(st.integers(-9, 9))) for n in range(size)}
    tips = [Tip(f"v{n}", f"t{n}", f"{n}", str(data.draw(st.integers(0, size - 1)))) for n in range(size)]
    found = in_order(tips, committed=committed, ancestors={str(n): {str(p) for p in behind(n)} for n in range(size)})
    assert sorted(found, key=lambda tip: tip.tag) == sorted(tips, key=lambda tip: tip.tag)
    for place, tip in enumerate(found):
        assert not {int(later.sha) for later in found[place + 1 :]} & behind(int(tip.sha))


BITS = st.integers(0, 7)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.tuples(st.none() | st.integers(1, 4), BITS)))
def test_the_plan_gives_every_commit_the_class_of_its_releases(world: dict[str, tuple[int | None, int]]) -> None:
    stored = {sha: class_id for sha, (class_id, _bits) in world.items()}
    bits_of = {sha: bits for sha, (_class_id, bits) in world.items()}
    plan = plan_classes(stored, bits_of)
    id_of = {bits: class_id for class_id, bits in plan.keeps.items()} | {b: 100 + n for n, b in enumerate(plan.new)}
    changes = changed(stored, bits_of, id_of)
    meaning = {class_id: bits for bits, class_id in id_of.items()}
    assert len(meaning) == len(id_of)
    for sha, bits in bits_of.items():
        class_id = changes.get(sha, stored[sha])
        assert (meaning[class_id] if class_id else 0) == bits
    # Nothing changes when the plan is made again.
    after = {sha: changes.get(sha, class_id) for sha, class_id in stored.items()}
    again = plan_classes(after, bits_of)
    assert again.new == []
    assert changed(after, bits_of, {bits: class_id for class_id, bits in again.keeps.items()}) == {}


def commit(subject: str, body: str = "", parents: int = 1) -> CommitRecord:
    when = datetime(2026, 1, 1, tzinfo=UTC)
    return CommitRecord("a" * 40, ["b" * 40] * parents, "x", "y", when, when, subject, body)


def test_merges_are_left_out_of_the_notes_unless_they_name_a_key() -> None:
    found = notes_of([commit("Merge x", parents=2), commit("Merge pull request", "Fixes: FB-1", parents=2)])
    assert found == "# Fixed\n\n- Merge pull request (FB-1)"
    assert notes_of([]) == "Nothing new."


def test_long_notes_end_in_a_count() -> None:
    found = notes_of([commit(f"Change {n}") for n in range(MAX_LINES + 7)])
    assert found.endswith("… and 7 further changes.")


@given(st.text("<>[]()!*_`#&|~ab\n", max_size=30))
def test_subjects_are_text_and_never_markup(text: str) -> None:
    html = str(render(f"- {escape(' '.join(text.split()))} end"))
    assert not re.search(r"<(?!/?(ul|li|p)\b)", html)
