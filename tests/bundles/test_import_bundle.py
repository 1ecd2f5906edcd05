"""A bundle comes in at a site without a network: only what is proven, whole or not at all."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit.errors import DomainError, Forbidden
from releases.actions.report_installation import report_installation
from releases.artifacts import storage
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.models import Artifact, Blob, Manifest, Signature, Upload
from releases.artifacts.signed import signed_state
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.models import BundleFile, ImportedBundle
from releases.models import Channel, Commit, Fetch, Installation, Publication, Release, Repository
from tests.bundles.world import FIRMWARE, Stick, digest

Members = dict[str, bytes]
Edit = Callable[[Members], None]


def forget_the_origin(*, commits: bool = True) -> None:
    """Make this the other site: its catalogue and keys are there, and nothing of the release."""
    tables = [Signature, Manifest, Upload, Installation, Publication]
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        cursor.execute("DELETE FROM artifacts_compatibility")
        cursor.execute("DELETE FROM artifacts_artifact_hardware")
        for model in (Artifact, Blob, Release):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        if commits:
            for found in (Commit, Fetch, Repository):
                cursor.execute(f"DELETE FROM {found._meta.db_table}")


def take(stick: Stick, content: bytes, *, who: str = "kari", channel: str = "fleet") -> ImportedBundle:
    return import_bundle(actor=stick.cast.actor(who), file=io.BytesIO(content), channel=channel)


def refused(stick: Stick, content: bytes, **more: str) -> DomainError:
    before = (ImportedBundle.objects.count(), BundleFile.objects.count(), Blob.objects.count(), Release.objects.count())
    with pytest.raises(DomainError) as caught:
        take(stick, content, **more)
    after = (ImportedBundle.objects.count(), BundleFile.objects.count(), Blob.objects.count(), Release.objects.count())
    assert before == after
    incoming = storage.path_of("artifacts/incoming")
    assert incoming is not None
    assert not incoming.exists() or not any(incoming.iterdir())
    assert caught.value.message.endswith((".", "“"))
    return caught.value


def edited(content: bytes, edit: Edit) -> bytes:
    """Give the archive anew, after `edit` has had its members."""
    members: Members = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for info in archive:
            file = archive.extractfile(info)
            assert file is not None
            members[info.name] = file.read()
    edit(members)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.fixture
def content(stick: Stick) -> bytes:
    """A good bundle of 1.0, at a site that has never heard of it."""
    data = stick.tar(stick.published()).read_bytes()
    forget_the_origin()
    return data


def test_a_good_bundle_comes_in_with_its_files_and_documents(stick: Stick, content: bytes) -> None:
    bundle = take(stick, content)
    assert (bundle.version, bundle.sequence, bundle.channel, bundle.release) == ("1.0", 1, "fleet", None)
    file = bundle.files.get()
    assert (file.name, file.hardware, file.blob.sha256) == ("fw.bin", [["quad-10", "A"]], digest(FIRMWARE))
    assert b"".join(storage.read_all(file.blob.stored)) == FIRMWARE
    assert "Holds its height" in bundle.documents["notes.en.md"]
    assert {signature.key.holder.username for signature in bundle.signatures.all()} == {"kari", "henrik"}
    entry = Entry.objects.get(kind="bundle.imported")
    assert (
        entry.data["keys"] == [stick.keys["henrik"].key_id, stick.keys["kari"].key_id] or len(entry.data["keys"]) == 2
    )
    assert entry.actor_name == "Kari Lund"


def test_the_very_same_again_is_the_same_bundle(stick: Stick, content: bytes) -> None:
    one = take(stick, content)
    assert take(stick, content) == one
    assert Entry.objects.filter(kind="bundle.imported").count() == 1


def test_what_other_tars_wrote_of_the_same_files_comes_in_too(stick: Stick, content: bytes, tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(tmp_path, filter="data")
    subprocess.run(["tar", "cf", "again.tar", "autopilot-1.0"], cwd=tmp_path, check=True)
    assert take(stick, (tmp_path / "again.tar").read_bytes()).version == "1.0"


def test_where_the_commit_is_known_it_becomes_the_release(stick: Stick) -> None:
    content = stick.tar(stick.published()).read_bytes()
    forget_the_origin(commits=False)
    bundle = take(stick, content)
    assert bundle.release is not None
    release = Release.objects.get()
    assert (release.version, release.state, release.imported) == ("1.0", "draft", True)
    state = signed_state(release)
    assert state.is_signed_for(Channel.FLEET)
    assert [artifact.blob.sha256 for artifact in state.artifacts] == [digest(FIRMWARE)]


def test_the_origin_itself_takes_its_own_bundle_as_known(stick: Stick) -> None:
    release = stick.published()
    bundle = take(stick, stick.tar(release).read_bytes())
    assert bundle.release == release
    assert Artifact.objects.count() == 1


@pytest.mark.parametrize("who", ["olena", "magnus", "liv"])
def test_others_may_not_import(stick: Stick, content: bytes, who: str) -> None:
    with pytest.raises(Forbidden):
        take(stick, content, who=who)


def test_another_programme_does_not_know_the_component(stick: Stick, content: bytes) -> None:
    assert refused(stick, content, who="astri").code == "bundle.component"


# --- signatures ---------------------------------------------------------------------------------


def test_a_changed_byte_of_firmware_is_refused(stick: Stick, content: bytes) -> None:
    place = content.index(FIRMWARE)
    error = refused(stick, content[: place + 9] + b"!" + content[place + 10 :])
    assert error.code == "bundle.differs"
    assert "fw.bin" in error.message


def test_sums_made_anew_by_somebody_else_are_refused(stick: Stick, content: bytes) -> None:
    def edit(members: Members) -> None:
        members["autopilot-1.0/signed/fw.bin"] = b"evil"
        sums = members["autopilot-1.0/signed/SHA256SUMS"].decode()
        members["autopilot-1.0/signed/SHA256SUMS"] = sums.replace(digest(FIRMWARE), digest(b"evil")).encode()

    assert refused(stick, edited(content, edit)).code in ("bundle.manifest", "bundle.differs")


def test_a_signature_that_does_not_fit_is_refused(stick: Stick, content: bytes) -> None:
    other = stick.kari.sign(b"something else").encode()

    def edit(members: Members) -> None:
        for name in [name for name in members if name.endswith(".minisig")]:
            _replace(members, name, other)

    error = refused(stick, edited(content, edit))
    assert error.code == "bundle.signatures"
    assert "SHA256SUMS" in error.message


def _replace(members: Members, name: str, data: bytes) -> None:
    """Put other bytes in, with their sum in the list that nobody signs: a forger can do that."""
    listed = members["autopilot-1.0/UNSIGNED-SHA256SUMS"].decode()
    before = digest(members[name])
    members["autopilot-1.0/UNSIGNED-SHA256SUMS"] = listed.replace(before, digest(data)).encode()
    members[name] = data


def test_a_legacy_signature_is_refused(stick: Stick, content: bytes) -> None:
    def edit(members: Members) -> None:
        legacy = stick.kari.sign(members["autopilot-1.0/signed/SHA256SUMS"], "-l").encode()
        _replace(members, "autopilot-1.0/signed/SHA256SUMS.minisig", legacy)

    assert refused(stick, edited(content, edit)).code == "signature.legacy"


def test_without_a_key_that_counts_nothing_comes_in(stick: Stick, content: bytes) -> None:
    for key in stick.keys.values():
        revoke_key(actor=stick.cast.actor("arne"), key=key, reason="Stolen.")
    error = refused(stick, content)
    assert error.code == "bundle.signatures"
    assert "Stolen." in error.message


def test_one_signer_is_too_few_for_the_fleet(stick: Stick, content: bytes) -> None:
    revoke_key(actor=stick.cast.actor("arne"), key=stick.keys["henrik"], reason="Left.")
    assert refused(stick, content, channel="fleet").code == "bundle.channel"
    assert take(stick, content, channel="pilot").channel == "pilot"


# --- what is in it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("autopilot-1.0/signed/extra.bin", "bundle.unlisted"),
        ("autopilot-1.0/unsigned/extra.txt", "bundle.unlisted"),
        ("autopilot-1.0/run.sh", "bundle.unlisted"),
        ("other/README.txt", "bundle.folders"),
        ("autopilot-1.0/signed/../../etc/passwd", "archive.path"),
        ("../etc/passwd", "archive.path"),
        ("/etc/passwd", "archive.path"),
        ("autopilot-1.0\\evil", "archive.path"),
        ("autopilot-1.0/signed/.hidden", "archive.path"),
        ("autopilot-1.0/signed/FW.BIN", "archive.twice"),
        ("autopilot-1.0/signed/шкода.bin", "archive.path"),
    ],
)
def test_a_file_that_does_not_belong_is_refused(stick: Stick, content: bytes, path: str, code: str) -> None:
    error = refused(stick, edited(content, lambda members: members.update({path: b"x"})))
    assert error.code == code


@pytest.mark.parametrize(
    "path",
    ["signed/fw.bin", "signed/manifest.json", "signed/SHA256SUMS.minisig", "unsigned/withdrawn.json", "VERIFY.txt"],
)
def test_a_missing_file_is_refused_by_its_name(stick: Stick, content: bytes, path: str) -> None:
    def edit(members: Members) -> None:
        del members[f"autopilot-1.0/{path}"]

    error = refused(stick, edited(content, edit))
    assert error.code == "bundle.missing"
    assert path.rpartition("/")[2] in error.message


def test_damaged_notes_are_refused(stick: Stick, content: bytes) -> None:
    def edit(members: Members) -> None:
        members["autopilot-1.0/unsigned/notes.en.md"] = b"Something else."

    assert refused(stick, edited(content, edit)).code == "bundle.differs"


def member(info: tarfile.TarInfo, data: bytes = b"") -> bytes:
    info.size = len(data)
    return info.tobuf(tarfile.PAX_FORMAT) + data + bytes(-len(data) % 512)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(stick: Stick, content: bytes, kind: bytes) -> None:
    info = tarfile.TarInfo("autopilot-1.0/signed/fw2.bin")
    info.type, info.linkname = kind, "/etc/passwd"
    assert refused(stick, member(info) + content).code == "archive.kind"


def test_the_same_name_twice_is_refused(stick: Stick, content: bytes) -> None:
    again = member(tarfile.TarInfo("autopilot-1.0/signed/fw.bin"), b"evil")
    assert refused(stick, again + content).code == "archive.twice"


def test_a_huge_document_is_refused_before_it_is_read(stick: Stick, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "huge.tar"
    info = tarfile.TarInfo("autopilot-1.0/README.txt")
    info.size = 4 << 30

    def without(members: Members) -> None:
        del members["autopilot-1.0/README.txt"]

    kept = edited(content, without)
    with path.open("wb") as out:
        out.write(info.tobuf(tarfile.PAX_FORMAT))
        out.seek(info.size, io.SEEK_CUR)  # four gigabytes that take no place on the disk
        out.write(kept)
    with path.open("rb") as file, pytest.raises(DomainError) as caught:
        import_bundle(actor=stick.cast.actor("kari"), file=file)
    assert caught.value.code == "bundle.too_large"


def test_a_truncated_archive_is_refused_wherever_it_ends(stick: Stick, content: bytes) -> None:
    for length in (100, 512, 5000, len(content) // 2, len(content) - 2000, len(content) - 512):
        assert refused(stick, content[:length]).code == "archive.truncated"
    assert refused(stick, b"").code == "archive.truncated"


def test_a_damaged_header_is_refused(stick: Stick, content: bytes) -> None:
    assert refused(stick, content[:10] + b"X" + content[11:]).code == "archive.checksum"
    assert refused(stick, b"PK\x03\x04" + content).code == "archive.not_tar"
    assert refused(stick, content + b"more" * 200).code == "archive.tail"


# --- what came before ---------------------------------------------------------------------------


def test_an_older_release_is_refused(stick: Stick) -> None:
    old = stick.tar(stick.published("0.9")).read_bytes()
    new = stick.tar(stick.published("1.0")).read_bytes()
    forget_the_origin()
    take(stick, new)
    error = refused(stick, old)
    assert error.code == "bundle.rollback"
    assert "0.9" in error.message


def test_older_than_what_is_installed_is_refused_too(stick: Stick) -> None:
    old = stick.tar(stick.published("0.9")).read_bytes()
    new = stick.published("1.0")
    report_installation(actor=SYSTEM, release=new, team=stick.cast.north, hardware=stick.cast.rev_a)
    assert refused(stick, old).code == "bundle.rollback"


def test_other_files_under_a_version_that_came_in_are_refused(stick: Stick) -> None:
    one = stick.tar(stick.published("1.0")).read_bytes()
    forget_the_origin()
    two = stick.tar(stick.published("1.0", content=b"another")).read_bytes()
    forget_the_origin()
    take(stick, one)
    assert refused(stick, two).code == "bundle.other_content"


def test_another_commit_under_the_same_version_is_refused(stick: Stick) -> None:
    content = stick.tar(stick.published("1.0")).read_bytes()
    forget_the_origin(commits=False)
    stick.candidate("1.0")
    assert refused(stick, content).code == "bundle.other_commit"


def test_a_damaged_store_is_healed_by_importing_again(stick: Stick, content: bytes) -> None:
    bundle = take(stick, content)
    blob = Blob.objects.get()
    path = storage.path_of(blob.stored)
    assert path is not None
    path.write_bytes(b"rotten")
    Blob.objects.update(tampered_at=bundle.imported_at, tampered_why="rotten")
    assert take(stick, content) == bundle
    assert path.read_bytes() == FIRMWARE
    assert Blob.objects.get().tampered_at is None
