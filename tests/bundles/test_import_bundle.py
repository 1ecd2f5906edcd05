"""A bundle comes in at a site without a network: only what is proven, whole or not at all."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit.errors import Forbidden
from releases.actions.report_installation import report_installation
from releases.artifacts import storage
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.models import Artifact, Blob
from releases.artifacts.signed import signed_state
from releases.models import Channel, Companion, Release
from tests.bundles.site import Members, edited, forget_the_origin, refused, take
from tests.bundles.world import FIRMWARE, Stick, digest


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


def test_what_the_release_is_built_from_beside_comes_with_it(stick: Stick) -> None:
    release = stick.published(joined=True)
    sha = release.companions.get().commit.sha
    content = stick.tar(release).read_bytes()
    assert f"{sha} (bootloader)".encode() in content, "the README says it"
    Companion.objects.all().delete()
    forget_the_origin(commits=False)
    take(stick, content)
    found = Release.objects.get().companions.get()
    assert (found.commit.sha, found.tag, found.repository.slug) == (sha, "boot-1", "bootloader")
    assert signed_state(Release.objects.get()).is_signed_for(Channel.FLEET)


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
