"""History is streamed in bounded pieces, whatever it contains, and is what git itself lists."""

import itertools
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.git.environment import Access
from releases.git.errors import GitError
from releases.git.history import MAX_FIELD, Commits, Splitter, read_history, split_message
from releases.git.mirror import fetch
from releases.git.refs import changes, is_ancestor, snapshot
from releases.git.run import open_mirror
from tests.releases.gitbox import GitBox, git_lines
from tests.releases.records import CommitRecord, records


def history_of(path: Path, access: Access, *, known: Sequence[str] = ()) -> list[CommitRecord]:
    """Read everything that the mirror's refs reach."""
    with open_mirror(path, access) as opened:
        tips = [ref.commit for ref in snapshot(opened).values() if ref.commit]
        return records(read_history(opened, new=tips, known=known))


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
    with open_mirror(path, access) as opened:
        return records(read_history(opened, new=[tip]))


def test_a_piece_is_never_larger_than_what_git_handed_over(
    box: GitBox, access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        box.commit(f"{number}")
    fetch(tmp_path / "m.git", access)
    monkeypatch.setattr("releases.git.run.STREAM_CHUNK", 1000)
    with open_mirror(tmp_path / "m.git", access) as opened:
        sizes = [len(piece.sha) for piece in read_history(opened, new=[box.head()])]
    assert sum(sizes) == 40
    assert max(sizes) <= 10


def test_who_stops_reading_stops_git(box: GitBox, access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        box.commit(f"{number}" + "x" * 10_000)
    monkeypatch.setattr("releases.git.run.STREAM_CHUNK", 1000)

    def at_work() -> bool:
        return any(thread.name == "git" for thread in threading.enumerate())

    with open_mirror(box.path / ".git", access) as opened:
        pieces = read_history(opened, new=[box.head()])
        next(pieces)
        assert at_work()
        pieces.close()
        assert not at_work()


def test_a_history_that_stops_in_the_middle_is_an_error() -> None:
    splitter = Splitter()
    splitter.feed(b"a" * 40 + b"\0\0half")
    with pytest.raises(GitError, match="middle of a commit"):
        splitter.close()


def test_fields_out_of_step_are_an_error() -> None:
    for odd in (b"not a sha", b"a" * 38 + b" b", b"a" * 38 + b"\xff\xff"):
        with pytest.raises(GitError, match="expected form"):
            Splitter().feed(odd + b"\0\0a\0b\x001\x002\0m\0")


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@given(
    messages=st.lists(st.tuples(WORDS, WORDS), max_size=12),
    cuts=st.lists(st.integers(0, 4000), max_size=20),
)
def test_where_the_stream_is_cut_changes_nothing(messages: list[tuple[str, str]], cuts: list[int]) -> None:
    moment = b"2026-03-01T00:00:00+00:00"
    stream = b"".join(
        b"\0".join([b"%040x" % number, b"", name.encode(), b"e", moment, moment, message.encode()]) + b"\0"
        for number, (name, message) in enumerate(messages)
    )
    pieces: list[Commits] = []
    splitter = Splitter()
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    for start, end in itertools.pairwise(edges):
        pieces += [piece] if (piece := splitter.feed(stream[start:end])) else []
    splitter.close()
    found = records(pieces)
    assert [(r.sha, r.author) for r in found] == [(f"{n:040x}", name) for n, (name, _m) in enumerate(messages)]
    assert [(r.subject.encode(), r.body.encode()) for r in found] == [split_message(m.encode()) for _n, m in messages]


MOMENTS = (b"2026-03-01T00:00:00Z", b"2026-03-01T00:00:00+00:00", b"", b"31708-01-01T00:00:00Z", b"1-02-03")


@given(st.lists(st.sampled_from(MOMENTS), min_size=1))
def test_moments_are_always_ones_that_a_calendar_has(moments: list[bytes]) -> None:
    stream = b"".join(b"%040x\0\0a\0e\0%b\0%b\0m\0" % (n, moment, moment) for n, moment in enumerate(moments))
    piece = Splitter().feed(stream)
    assert piece is not None
    for told, record in zip(moments, records([piece]), strict=True):
        assert record.authored_at == record.committed_at
        assert record.committed_at.year == (2026 if told.startswith(b"2026") else 9999 if len(told) > 20 else 1970)


def test_the_real_history_is_exactly_what_git_lists(real: Path) -> None:
    found = history_of(real, Access(url=str(real), local=real))
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
