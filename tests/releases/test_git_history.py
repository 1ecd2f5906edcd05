"""History is streamed in bounded pieces, whatever it contains, and is what git itself lists."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.git.environment import Access
from releases.git.errors import GitError
from releases.git.history import MAX_FIELD, CommitRecord, HistorySink, read_history, split_message
from releases.git.mirror import fetch
from releases.git.refs import changes, is_ancestor, snapshot
from releases.git.run import open_mirror
from tests.releases.gitbox import GitBox, git_lines


def history_of(path: Path, access: Access, *, known: Sequence[str] = (), batch: int = 2000) -> list[CommitRecord]:
    """Read everything that the mirror's refs reach."""
    found: list[CommitRecord] = []
    with open_mirror(path, access) as opened:
        tips = [ref.commit for ref in snapshot(opened).values() if ref.commit]
        read_history(opened, new=tips, known=known, on_batch=found.extend, batch=batch)
    return found


def test_every_commit_comes_once_with_its_words(box: GitBox, access: Access, tmp_path: Path) -> None:
    first = box.commit("Перший рядок\n\nТіло з ключем FB-12\n", author="Олена Коваль <olena@example.org>")
    second = box.commit("Subject\nover two lines\n\nBody")
    fetch(tmp_path / "m.git", access)
    found = {record.sha: record for record in history_of(tmp_path / "m.git", access)}
    assert set(found) == {first, second}
    assert found[first] == CommitRecord(
        first, [], "Олена Коваль", "olena@example.org",
        datetime(2026, 3, 1, 0, 1, tzinfo=UTC), datetime(2026, 3, 1, 0, 1, tzinfo=UTC),
        "Перший рядок", "Тіло з ключем FB-12",
    )  # fmt: skip
    assert found[second].parents == [first]
    assert found[second].subject == "Subject over two lines"


def test_what_is_known_is_left_out_and_unknown_ids_are_passed_over(box: GitBox, access: Access, tmp_path: Path) -> None:
    first = box.commit("One")
    second = box.commit("Two")
    fetch(tmp_path / "m.git", access)
    assert [r.sha for r in history_of(tmp_path / "m.git", access, known=[first, "f" * 40])] == [second]
    assert history_of(tmp_path / "m.git", access, known=[second]) == []


def test_a_history_without_tips_is_empty(box: GitBox, access: Access, tmp_path: Path) -> None:
    fetch(tmp_path / "m.git", access)
    assert history_of(tmp_path / "m.git", access) == []


def test_a_huge_message_is_cut_and_the_next_commit_is_whole(box: GitBox, access: Access, tmp_path: Path) -> None:
    box.commit("Small")
    box.commit("Huge\n\n" + "x" * 5_000_000)
    box.commit("After")
    fetch(tmp_path / "m.git", access)
    bodies = {record.subject: len(record.body) for record in history_of(tmp_path / "m.git", access)}
    assert bodies == {"Small": 0, "Huge": MAX_FIELD - len("Huge\n\n"), "After": 0}


def test_broken_encodings_dates_and_names_are_survived(box: GitBox, access: Access, tmp_path: Path) -> None:
    tree = box.git("write-tree")
    raw = (
        f"tree {tree}\nauthor \udcff\udcfe <\udce9> 99999999999999 +9999\n"
        "committer x <y> 1700000000 +0000\nencoding KOI8-R\n\n\udcf0\udcf2\udcff\udc00 end\n"
    ).replace("\udc00", "")
    path = tmp_path / "raw"
    path.write_bytes(raw.encode("utf-8", "surrogateescape"))
    sha = box.git("hash-object", "-t", "commit", "-w", "--literally", str(path))
    box.git("update-ref", "refs/heads/odd", sha)
    (record,) = _read(box.path / ".git", access, sha)
    assert record.sha == sha
    assert record.subject.endswith("end")
    assert record.committed_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert record.authored_at.year <= 9999


def _read(path: Path, access: Access, tip: str) -> list[CommitRecord]:
    found: list[CommitRecord] = []
    with open_mirror(path, access) as opened:
        read_history(opened, new=[tip], on_batch=found.extend)
    return found


def test_batches_are_never_larger_than_asked(box: GitBox, access: Access, tmp_path: Path) -> None:
    for number in range(7):
        box.commit(f"{number}")
    fetch(tmp_path / "m.git", access)
    sizes: list[int] = []
    with open_mirror(tmp_path / "m.git", access) as opened:
        count = read_history(opened, new=[box.head()], on_batch=lambda records: sizes.append(len(records)), batch=3)
    assert count == 7
    assert sizes == [3, 3, 1]


def test_a_history_that_stops_in_the_middle_is_an_error() -> None:
    sink = HistorySink(lambda _records: None)
    sink.write(b"a" * 40 + b"\0\0half")
    with pytest.raises(GitError, match="middle of a commit"):
        sink.close()


def test_fields_out_of_step_are_an_error() -> None:
    sink = HistorySink(lambda _records: None)
    with pytest.raises(GitError, match="expected form"):
        sink.write(b"not a sha\0\0a\0b\x001\x002\0m\0")


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@given(
    messages=st.lists(st.tuples(WORDS, WORDS), max_size=12),
    cuts=st.lists(st.integers(0, 4000), max_size=20),
    batch=st.integers(1, 5),
)
def test_where_the_stream_is_cut_changes_nothing(messages: list[tuple[str, str]], cuts: list[int], batch: int) -> None:
    stream = b"".join(
        b"\0".join([b"%040x" % number, b"", name.encode(), b"e", b"0", b"0", message.encode()]) + b"\0"
        for number, (name, message) in enumerate(messages)
    )
    found: list[CommitRecord] = []
    sink = HistorySink(found.extend, batch=batch)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    for start, end in itertools.pairwise(edges):
        sink.write(stream[start:end])
    sink.close()
    assert [(r.sha, r.author) for r in found] == [(f"{n:040x}", name) for n, (name, _m) in enumerate(messages)]
    assert [(r.subject, r.body) for r in found] == [split_message(message) for _name, message in messages]


def test_the_real_history_is_exactly_what_git_lists(real: Path) -> None:
    found = history_of(real, Access(url=str(real), local=real), batch=500)
    assert {record.sha for record in found} == set(git_lines(real, "rev-list", "--all"))
    parents = {line.split()[0]: line.split()[1:] for line in git_lines(real, "rev-list", "--all", "--parents")}
    assert {record.sha: record.parents for record in found} == parents
    subjects = dict(line.split(" ", 1) for line in git_lines(real, "log", "--all", "--format=%H %s"))
    assert all(record.subject == subjects[record.sha].strip()[:300] for record in found if len(record.subject) < 299)


def test_branches_that_lose_commits_are_forced_and_tags_only_move(box: GitBox, access: Access, tmp_path: Path) -> None:
    path = tmp_path / "m.git"
    first = box.commit("One")
    second = box.commit("Two")
    box.git("tag", "v1", first)
    box.git("branch", "gone", first)
    box.git("branch", "forward", first)
    fetch(path, access)
    with open_mirror(path, access) as opened:
        before = {name: ref.target for name, ref in snapshot(opened).items()}
    box.git("tag", "--force", "v1", second)
    box.git("branch", "-D", "gone")
    box.git("branch", "--force", "forward", second)
    box.git("branch", "new", second)
    box.git("reset", "--hard", "--quiet", first)
    other = box.commit("Instead of two")
    fetch(path, access)
    with open_mirror(path, access) as opened:
        after = {name: ref.target for name, ref in snapshot(opened).items()}
        found = changes(before, after, is_ancestor=lambda old, new: is_ancestor(opened, old, new))
    assert [(c.name.removeprefix("refs/"), c.kind, c.old, c.new) for c in found] == [
        ("heads/forward", "moved", first, second),
        ("heads/gone", "deleted", first, ""),
        ("heads/main", "forced", second, other),
        ("heads/new", "created", "", second),
        ("tags/v1", "moved", first, second),
    ]
