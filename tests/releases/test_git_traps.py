"""What a hostile or broken origin may try, beside what the tests of mirrors and histories try."""

from __future__ import annotations

from pathlib import Path

import pytest

from releases.git.environment import Access
from releases.git.errors import GitError
from releases.git.history import read_history
from releases.git.membership import from_graph, membership
from releases.git.mirror import fetch
from releases.git.refs import snapshot
from releases.git.run import open_mirror
from releases.models import Commit
from tests.releases.gitbox import GitBox, git_lines
from tests.releases.records import records
from tests.releases.world import World


def test_the_configuration_of_an_origin_runs_nothing(box: GitBox, access: Access, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f'#!/bin/sh\ntouch {witness}\nexec "$@"\n')
    script.chmod(0o755)
    box.commit("One")
    hooks = box.path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-upload-pack"):
        (hooks / hook).write_text(script.read_text())
        (hooks / hook).chmod(0o755)
    for key in ("uploadpack.packObjectsHook", "core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.pager",
                "core.editor", "diff.external", "credential.helper"):  # fmt: skip
        box.git("config", key, str(script))
    box.git("config", "alias.log", f"!{script}")
    fetch(tmp_path / "m.git", access)
    with open_mirror(tmp_path / "m.git", access) as opened:
        assert len(records(read_history(opened, new=[box.head()]))) == 1
    assert not witness.exists()


def test_a_mirror_whose_configuration_was_slipped_in_runs_nothing_either(
    box: GitBox, access: Access, tmp_path: Path
) -> None:
    witness, mirror = tmp_path / "ran", tmp_path / "m.git"
    box.commit("One")
    fetch(mirror, access)
    with (mirror / "config").open("a") as config:
        config.write(f'[core]\n\tfsmonitor = "touch {witness}"\n\thooksPath = {tmp_path}\n')
        config.write(f'[credential]\n\thelper = "!touch {witness}"\n')
    (tmp_path / "reference-transaction").write_text(f"#!/bin/sh\ntouch {witness}\n")
    (tmp_path / "reference-transaction").chmod(0o755)
    box.commit("Two")
    fetch(mirror, access)
    assert git_lines(mirror, "rev-list", "--count", "--all") == ["2"]
    assert not witness.exists()


def test_replacements_that_make_history_go_round_in_circles_are_not_looked_at(
    box: GitBox, access: Access, tmp_path: Path
) -> None:
    first = box.commit("One")
    second = box.commit("Two")
    box.tag("v1")
    box.git("replace", "--graft", first, second)
    mirror = tmp_path / "m.git"
    fetch(mirror, access)
    # The same in the mirror itself, by whatever way it came there.
    git_lines(mirror, "update-ref", f"refs/replace/{first}", second)
    with open_mirror(mirror, access) as opened:
        assert [r.sha for r in records(read_history(opened, new=[second]))] == [second, first]
        assert membership(opened, {0: second}) == {first.encode(): 1, second.encode(): 1}
        assert "refs/replace/" not in "".join(snapshot(opened))


def test_a_stored_graph_that_goes_round_in_circles_comes_to_an_end() -> None:
    graph = {b"a": [b"b"], b"b": [b"c"], b"c": [b"a", b"missing"], b"d": [b"d"]}
    assert from_graph(graph, {0: b"a", 3: b"d"}) == {b"a": 1, b"b": 1, b"c": 1, b"d": 8}


@pytest.mark.parametrize("name", ["--upload-pack=x", "-x", "a..b", "@{-1}", "refs/heads/x.lock"])
def test_names_that_look_like_options_never_come_as_refs(
    box: GitBox, access: Access, tmp_path: Path, name: str
) -> None:
    head = box.commit("One")
    packed = box.path / ".git" / "packed-refs"
    packed.write_text(f"# pack-refs with: peeled fully-peeled sorted \n{head} refs/heads/{name}\n")
    mirror = tmp_path / "m.git"
    try:
        fetch(mirror, access)
    except GitError:
        return  # refused as a whole: nothing was run either
    with open_mirror(mirror, access) as opened:
        assert {ref.commit for ref in snapshot(opened).values()} == {head}


@pytest.mark.django_db
def test_a_message_with_the_signs_that_rows_are_quoted_with_is_stored_as_it_is(world: World) -> None:
    message = 'Say "hello"\x01\x1f\x01\n\n\\.\n\x01,\x1f\t\\N\n{}\nEnd\x01'
    sha = world.box.commit(message)
    after = world.box.commit("After")
    world.fetch()
    stored = Commit.objects.get(sha=sha)
    assert f"{stored.subject}\n\n{stored.body}" == message
    assert Commit.objects.get(sha=after).parents == [sha]
