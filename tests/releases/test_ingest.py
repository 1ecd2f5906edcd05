"""Commits on their way into the database: stored once, in short transactions, whatever they say."""

import pytest

from releases import ingest
from releases.contents import commits_in
from releases.git.history import Commits
from releases.models import Commit, Fetch, RefEvent, Release
from releases.progress import Noted
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def contents(release: Release) -> set[str]:
    return set(commits_in(release).values_list("sha", flat=True))


def test_a_fetch_that_was_interrupted_is_carried_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shas = [world.box.commit(f"{n}") for n in range(5)]
    world.box.tag("v2.0")
    whole = ingest.Ingest.rows, ingest.Ingest.take

    def half(self: ingest.Ingest, commits: Commits) -> ingest.Rows:
        return whole[0](self, Commits(*(column[:3] for column in commits)))

    def stop_after(self: ingest.Ingest, rows: ingest.Rows) -> None:
        whole[1](self, rows)
        self._end()
        raise KeyboardInterrupt

    monkeypatch.setattr(ingest.Ingest, "rows", half)
    monkeypatch.setattr(ingest.Ingest, "take", stop_after)
    with pytest.raises(KeyboardInterrupt):
        world.fetch()
    assert Commit.objects.count() == 4
    assert Release.objects.count() == 1
    monkeypatch.setattr(ingest.Ingest, "rows", whole[0])
    monkeypatch.setattr(ingest.Ingest, "take", whole[1])
    fetch = world.fetch()
    assert fetch is not None
    assert fetch.commits_count == 5
    assert set(fetch.commits.values_list("sha", flat=True)) == set(shas)
    assert contents(world.release("2.0")) == world.box.rev_list("v2.0")
    assert Fetch.objects.filter(done_at=None).count() == 0


def test_messages_that_postgres_could_not_hold_come_in(world: World) -> None:
    tree = world.box.git("write-tree")
    raw = f"tree {tree}\nauthor x <y> 1 +0000\ncommitter x <y> 1 +0000\n\nBad \udcff\udcfe bytes\n"
    path = world.box.path / "raw"
    path.write_bytes(raw.encode("utf-8", "surrogateescape"))
    sha = world.box.git("hash-object", "-t", "commit", "-w", "--literally", str(path))
    world.box.git("update-ref", "refs/heads/odd", sha)
    world.fetch()
    assert world.commit(sha).subject.startswith("Bad ")


def test_what_an_interrupted_fetch_has_brought_is_left_alone_transaction_by_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("releases.git.run.STREAM_CHUNK", 1500)
    monkeypatch.setattr(ingest, "_TOGETHER", 15)
    told: list[int] = []

    def note(_self: Noted, step: str, done: int, _total: int = 0, /) -> None:
        if step == "commits":
            told.append(done)

    monkeypatch.setattr(Noted, "__call__", note)
    for number in range(60):
        world.box.commit(f"Change {number}\n\nIt says \x01 and\ttab, \\ and \\N")
    world.fetch()
    assert len(told) > 4
    assert told[-1] == 60
    kept = list(Commit.objects.order_by("-pk").values_list("pk", flat=True)[10:50])
    Commit.objects.exclude(pk__in=kept).exclude(subject="First light").delete()
    Fetch.objects.filter(commits__pk__in=kept).update(done_at=None)

    RefEvent.objects.filter(fetch__done_at=None).delete()
    fetch = world.fetch()
    assert fetch is not None
    assert fetch.commits_count == 60
    assert set(Commit.objects.values_list("sha", flat=True)) == world.box.rev_list("--all")
    assert set(kept) <= set(Commit.objects.values_list("pk", flat=True))
    assert set(fetch.commits.values_list("body", flat=True)) == {"It says \x01 and\ttab, \\ and \\N"}
