"""A history comes in a file as it would from its host: whole, once, without files, and refused when it is no good."""

from __future__ import annotations

import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from foundation.accounts.actors import SYSTEM
from foundation.kit.errors import Conflict, Forbidden, Invalid
from releases import tasks
from releases.actions.add_repository import add_repository
from releases.actions.fetch_repository import fetch_repository
from releases.actions.take_in_bundle import take_in_bundle
from releases.actions.upload_bundle import upload_bundle
from releases.contents import commits_in
from releases.git.bundle import read_header
from releases.git.errors import GitRefused
from releases.mirrors import mirror_path
from releases.models import Commit, Fetch, HistoryBundle, RefEvent, Release, Repository
from tests.cast import Cast
from tests.releases.gitbox import GitBox, git_lines

pytestmark = pytest.mark.django_db
TREELESS = "--filter=tree:0"


@pytest.fixture
def repository(cast: Cast) -> Repository:
    """A repository whose host cannot be reached."""
    return add_repository(actor=SYSTEM, component=cast.radio, url="bundle:radio", name="Radio")


@pytest.fixture
def source(tmp_path: Path) -> GitBox:
    """A history with a file in it, and one release."""
    box = GitBox(tmp_path / "far")
    (box.path / "secret.bin").write_bytes(b"\0" * 5000)
    box.git("add", ".")
    box.commit("First light")
    box.tag("v1.0")
    box.commit("More\n\nFixes: FB-12")
    return box


def make(box: GitBox, *args: str) -> bytes:
    """Give a bundle's bytes."""
    path = box.path.with_suffix(".bundle")
    box.git("bundle", "create", str(path), *args)
    return path.read_bytes()


def bring(repository: Repository, content: bytes) -> Fetch | None:
    bundle = upload_bundle(actor=SYSTEM, repository=repository, file=ContentFile(content), name="far.bundle")
    return take_in_bundle(actor=SYSTEM, bundle=bundle)


def kinds_in(repository: Repository) -> set[str]:
    listed = git_lines(mirror_path(repository), "cat-file", "--batch-check", "--batch-all-objects")
    return {line.split()[1] for line in listed}


@pytest.mark.parametrize("how", [(TREELESS,), ()])
def test_a_bundle_brings_history_and_releases_and_no_file(
    repository: Repository, source: GitBox, how: tuple[str, ...]
) -> None:
    fetch = bring(repository, make(source, *how, "--branches", "--tags"))
    assert fetch is not None
    assert (fetch.imported, fetch.commits_count) == (True, 2)
    held = set(commits_in(Release.objects.get(version="1.0")).values_list("sha", flat=True))
    assert held == source.rev_list("v1.0")
    assert kinds_in(repository) == {"commit", "tag"}
    row = HistoryBundle.objects.get()
    assert (row.state, row.stored, row.error) == ("taken", "", "")


def test_a_later_bundle_builds_upon_the_first_and_deletes_nothing(repository: Repository, source: GitBox) -> None:
    bring(repository, make(source, TREELESS, "--branches", "--tags"))
    source.commit("New")
    source.tag("v1.1")
    fetch = bring(repository, make(source, TREELESS, "main", "v1.1", "^v1.0"))
    assert fetch is not None
    assert (fetch.imported, fetch.commits_count) == (False, 1)
    assert set(Release.objects.values_list("version", flat=True)) == {"1.0", "1.1"}
    assert not RefEvent.objects.filter(kind="deleted").exists()
    assert bring(repository, make(source, TREELESS, "--branches", "--tags")) is None


def test_what_a_bundle_builds_upon_must_be_here(repository: Repository, source: GitBox) -> None:
    with pytest.raises(Invalid, match="Git said"):
        bring(repository, make(source, TREELESS, "main", "^v1.0"))
    row = HistoryBundle.objects.get()
    assert row.state == "refused"
    assert row.error
    assert not Commit.objects.exists()


def test_a_bundle_with_files_that_builds_upon_another_is_told_how_it_should_be(
    repository: Repository, source: GitBox
) -> None:
    bring(repository, make(source, "--branches", "--tags"))
    source.commit("New")
    with pytest.raises(Invalid, match=r"--filter=tree:0"):
        bring(repository, make(source, "main", "^v1.0"))


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04" + b"\0" * 100, b"# v9 git bundle\n\nPACK", b"[core]\n\tfsmonitor = touch x # git bundle\n"],
)
def test_what_is_no_bundle_is_refused(repository: Repository, content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        bring(repository, content)
    assert caught.value.code == "repository.bundle_refused"


def test_a_bundle_that_was_cut_or_altered_is_refused_and_leaves_nothing(repository: Repository, source: GitBox) -> None:
    whole = make(source, TREELESS, "--branches", "--tags")
    for broken in (whole[:-30], whole[:-40] + bytes(byte ^ 0xFF for byte in whole[-40:-20]) + whole[-20:]):
        with pytest.raises(Invalid):
            bring(repository, broken)
    assert not Commit.objects.exists()
    left = [path.name for path in mirror_path(repository).parent.iterdir()]
    assert not [name for name in left if name.startswith(".")]
    assert list(mirror_path(repository).glob("objects/pack/*")) == []


@pytest.mark.parametrize(
    "header",
    [
        b"# v3 git bundle\n@filter=sparse:oid=x\n" + b"a" * 40 + b" refs/heads/main\n\n",
        b"# v3 git bundle\n@object-format=sha256\n" + b"a" * 40 + b" refs/heads/main\n\n",
        b"# v2 git bundle\n--upload-pack=touch x\n\n",
        b"# v2 git bundle\n\n",
        b"# v2 git bundle\n" + b"a" * 40 + b" refs/heads/" + b"x" * 9000 + b"\n\n",
        b"# v2 git bundle\n" + b"a" * 40 + b" refs/heads/main\n",
    ],
)
def test_headers_that_are_not_known_are_refused_before_git_sees_them(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "x.bundle"
    path.write_bytes(header)
    with pytest.raises(GitRefused):
        read_header(path)


def test_a_bundle_larger_than_allowed_is_refused(
    repository: Repository, source: GitBox, settings: pytest.FixtureRequest
) -> None:
    settings.FIELDLOOP_GIT_MAX_BYTES = 100  # type: ignore[attr-defined]  # pytest-django's fixture
    with pytest.raises(Invalid, match="at most"):
        bring(repository, make(source, "--branches"))


def test_one_without_an_origin_is_never_polled(repository: Repository) -> None:
    assert tasks._claim_due() == []
    with pytest.raises(Conflict, match="bundle"):
        fetch_repository(actor=SYSTEM, repository=repository)


def test_a_waiting_bundle_is_taken_in_by_a_worker_once(repository: Repository, source: GitBox) -> None:
    content = make(source, TREELESS, "--branches", "--tags")
    bundle = upload_bundle(actor=SYSTEM, repository=repository, file=ContentFile(content), name="x")
    assert default_storage.exists(bundle.stored)
    tasks.take_in(bundle.pk)
    tasks.take_in(bundle.pk)
    assert Fetch.objects.count() == 1
    source.commit("New")
    cut = ContentFile(make(source, TREELESS, "--branches", "--tags")[:-9])
    tasks.take_in(upload_bundle(actor=SYSTEM, repository=repository, file=cut, name="x").pk)
    assert list(HistoryBundle.objects.order_by("pk").values_list("state", flat=True)) == ["taken", "refused"]


def test_the_command_takes_a_bundle_in(repository: Repository, source: GitBox, tmp_path: Path) -> None:
    path = tmp_path / "x.bundle"
    path.write_bytes(make(source, TREELESS, "--branches", "--tags"))
    out = StringIO()
    call_command("take_in_bundle", "radio", str(path), "--json", stdout=out, stderr=StringIO())
    answer = json.loads(out.getvalue())
    assert (answer["slug"], answer["commits"]) == ("radio", 2)
    with pytest.raises(CommandError, match="There are: radio"):
        call_command("take_in_bundle", "x", str(path), stdout=out, stderr=StringIO())


def test_a_release_manager_brings_it_on_the_page(cast: Cast, repository: Repository, source: GitBox) -> None:
    client = Client()
    client.force_login(cast.kari)
    file = BytesIO(make(source, TREELESS, "--branches", "--tags"))
    file.name = "../../etc/far.bundle"
    answer = client.post(f"/repositories/{repository.slug}/bundle/", {"file": file}, follow=True)
    assert answer.status_code == 200
    bundle = HistoryBundle.objects.get()
    assert bundle.uploaded_by == cast.kari
    assert bundle.stored.startswith(f"history-bundles/{repository.pk}-")
    assert "far.bundle" in answer.content.decode()
    assert "Fetch now" not in answer.content.decode()


def test_an_engineer_may_bring_none(cast: Cast, repository: Repository) -> None:
    with pytest.raises(Forbidden):
        upload_bundle(
            actor=cast.actor("magnus"), repository=repository, file=File(BytesIO(b"# v2 git bundle\n")), name="x"
        )


def test_how_far_a_first_fetch_is_can_be_seen_by_every_process(
    cast: Cast, repository: Repository, source: GitBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(cast.kari)
    address = f"/repositories/{repository.slug}/progress/"
    seen: list[str] = []

    def look(step: str, done: int, total: int = 0, /) -> None:
        monkeypatch.setattr("releases.progress.EVERY", 0)
        answer = client.get(address)
        seen.append(f"{step} {done} {total} {answer.status_code}")
        if step == "commits" and done:
            assert "2 of 2 commits (100" in client.get(repository.get_absolute_url()).content.decode()

    content = make(source, TREELESS, "--branches", "--tags")
    bundle = upload_bundle(actor=SYSTEM, repository=repository, file=ContentFile(content), name="x")
    assert client.get(address).status_code == 286
    monkeypatch.setattr("releases.progress.SOONEST", 0)
    with monkeypatch.context() as patch:
        patch.setattr("releases.progress.Noted.__call__", _after(look))
        take_in_bundle(actor=SYSTEM, bundle=bundle)
    assert seen == ["mirror 0 0 200", "commits 0 2 200", "commits 2 2 200", "releases 1 0 200"]
    over = client.get(address)
    assert (over.status_code, over["HX-Refresh"]) == (286, "true")


def _after(look: object) -> object:
    """Give the noting of progress, and then a look from outside."""
    from releases.progress import Noted

    noting = Noted.__call__

    def note(self: Noted, step: str, done: int, total: int = 0, /) -> None:
        noting(self, step, done, total)
        look(step, done, total)  # type: ignore[operator]  # it is one

    return note
