"""A release is taken away as one file, which real tools check without a network."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from foundation.journal.models import Entry
from foundation.kit.errors import Conflict, DomainError
from releases.actions.edit_notes import edit_notes
from releases.actions.translate_notes import translate_notes
from releases.actions.withdraw_release import withdraw_release
from releases.artifacts import storage
from releases.artifacts.actions.revoke_key import revoke_key
from releases.bundles.actions.make_bundle import make_bundle
from releases.bundles.making import bundle_of, team_of
from releases.models import Release
from tests.bundles.world import FIRMWARE, Stick, digest, forget_stored, offline

CHECK = "minisign -V -H -m SHA256SUMS -p team.pub && sha256sum -c --strict SHA256SUMS"


def unpacked(stick: Stick, release: Release, folder: Path) -> Path:
    with tarfile.open(stick.tar(release)) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"autopilot-{release.version}"


@pytest.mark.parametrize("who", ["kari", "henrik"])
def test_the_documented_commands_check_it_without_a_network(stick: Stick, tmp_path: Path, who: str) -> None:
    folder = unpacked(stick, stick.published(), tmp_path / "usb")
    signer = stick.signer(who)
    (folder / "signed" / "team.pub").write_bytes(signer.public.read_bytes())
    command = CHECK
    if who == "henrik":  # VERIFY.txt names the file of each key
        key = stick.keys["henrik"].key_id
        assert f"SHA256SUMS.{key}.minisig" in (folder / "VERIFY.txt").read_text()
        command = CHECK.replace("-p team.pub", f"-p team.pub -x SHA256SUMS.{key}.minisig")
    done = offline(command, folder / "signed")
    assert done.returncode == 0, done.stderr
    assert "Signature and comment signature verified" in done.stdout
    assert "fw.bin: OK" in done.stdout
    assert "manifest.json: OK" in done.stdout
    assert "sbom.cdx.json: OK" in done.stdout
    rest = offline("sha256sum -c --strict UNSIGNED-SHA256SUMS", folder)
    assert rest.returncode == 0, rest.stderr
    assert "FAILED" not in rest.stdout


def test_every_file_stands_in_exactly_one_of_the_two_lists(stick: Stick, tmp_path: Path) -> None:
    folder = unpacked(stick, stick.published(), tmp_path / "usb")
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    signed = {f"signed/{line.split('  ')[1]}" for line in (folder / "signed/SHA256SUMS").read_text().splitlines()}
    told = (folder / "UNSIGNED-SHA256SUMS").read_text()
    unsigned = {line.split("  ")[1] for line in told.splitlines() if not line.startswith("#")}
    assert told.startswith("# NOT SIGNED.")
    assert not signed & unsigned
    assert files == signed | unsigned | {"UNSIGNED-SHA256SUMS", "signed/SHA256SUMS"}


def test_a_changed_byte_fails_the_check(stick: Stick, tmp_path: Path) -> None:
    folder = unpacked(stick, stick.published(), tmp_path / "usb") / "signed"
    (folder / "team.pub").write_bytes(stick.kari.public.read_bytes())
    data = bytearray((folder / "fw.bin").read_bytes())
    data[100] ^= 1
    (folder / "fw.bin").write_bytes(data)
    done = offline(CHECK, folder)
    assert done.returncode != 0
    assert "fw.bin: FAILED" in done.stdout
    (folder / "SHA256SUMS").write_text((folder / "SHA256SUMS").read_text().replace("a", "b"))
    assert "Signature verification failed" in offline(CHECK, folder).stderr


def test_the_same_release_is_the_same_bytes_and_gnu_tar_reads_it(stick: Stick) -> None:
    release = stick.published()
    one, two = stick.tar(release), stick.tar(release, stick.folder / "again.tar")
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_size == stick.bundle(release).size
    listed = stick.kari.run("tar", "tvf", str(one))
    assert "autopilot-1.0/signed/fw.bin" in listed


def test_any_range_of_it_is_a_part_of_the_whole(stick: Stick) -> None:
    bundle = stick.bundle(stick.published())
    whole = b"".join(bundle.read())
    for first, beyond in ((0, 1), (511, 513), (5000, 9000), (bundle.size - 2000, bundle.size), (0, bundle.size)):
        assert b"".join(bundle.read(first, beyond)) == whole[first:beyond]


def test_it_holds_what_the_front_needs(stick: Stick, tmp_path: Path) -> None:
    old = stick.published("0.9")
    withdraw_release(actor=stick.cast.actor("kari"), release=old, reason="Drifts in wind.")
    folder = unpacked(stick, stick.published("1.0"), tmp_path / "usb")
    assert (folder / "signed/fw.bin").read_bytes() == FIRMWARE
    withdrawn = json.loads((folder / "unsigned/withdrawn.json").read_text())
    assert [(row["version"], row["reason"]) for row in withdrawn["releases"]] == [("0.9", "Drifts in wind.")]
    assert withdrawn["signed"] is False
    assert "Holds its height" in (folder / "unsigned/notes.uk.md").read_text()
    assert "Цих приміток немає українською" in (folder / "unsigned/notes.uk.md").read_text()
    verify = (folder / "VERIFY.txt").read_text()
    assert verify.count(CHECK) == 3
    for word in ("[English]", "[Українська]", "[Norsk]"):
        assert word in verify
        assert word in (folder / "README.txt").read_text()
    assert "team: north" in (folder / "unsigned/receipt.txt").read_text()
    bill = json.loads((folder / "signed/sbom.cdx.json").read_text())
    assert bill["metadata"]["component"]["type"] == "firmware"


def test_notes_are_in_three_languages_and_say_what_is_missing(stick: Stick, tmp_path: Path) -> None:
    release = stick.published()
    kari = stick.cast.actor("kari")
    translate_notes(actor=kari, release=release, language="nb", text="- Holder høyden i kulde")
    folder = unpacked(stick, release, tmp_path / "one") / "unsigned"
    assert "Holder høyden" in (folder / "notes.nb.md").read_text()
    assert ">" not in (folder / "notes.nb.md").read_text()
    edit_notes(actor=kari, release=release, notes="- Other words")
    folder = unpacked(stick, release, tmp_path / "two") / "unsigned"
    assert "Den engelske teksten er endret" in (folder / "notes.nb.md").read_text()
    assert "Other words" in (folder / "notes.uk.md").read_text()


def refused(stick: Stick, release: Release, who: str = "olena") -> DomainError:
    actor = stick.cast.actor(who)
    with pytest.raises(DomainError) as caught:
        make_bundle(actor=actor, release=release, team=team_of(actor, release, ""))
    return caught.value


def test_a_withdrawn_release_goes_on_no_stick(stick: Stick) -> None:
    release = stick.published()
    release = withdraw_release(actor=stick.cast.actor("kari"), release=release, reason="Drifts in wind.")
    for who in ("olena", "kari"):
        error = refused(stick, release, who)
        assert error.code == "release.withdrawn"
        assert "Drifts in wind." in error.message


def test_what_is_not_published_goes_on_no_stick(stick: Stick) -> None:
    assert refused(stick, stick.signed(), "kari").code == "bundle.not_published"


def test_a_team_that_does_not_receive_it_gets_no_bundle(stick: Stick) -> None:
    release = stick.published()
    assert refused(stick, release, "stepan").code == "artifact.not_received"
    with pytest.raises(DomainError) as caught:
        team_of(stick.cast.actor("kari"), release, "east")
    assert caught.value.code == "bundle.not_received"
    with pytest.raises(DomainError) as caught:
        team_of(stick.cast.actor("stepan"), release, "north")
    assert caught.value.code == "bundle.not_received"


def test_a_revoked_key_takes_the_bundle_back(stick: Stick) -> None:
    release = stick.published()
    revoke_key(actor=stick.cast.actor("kari"), key=stick.keys["henrik"], reason="Lost the laptop.")
    error = refused(stick, release)
    assert error.code == "artifact.signatures_missing"
    assert "2" in error.message


def test_a_byte_changed_in_the_storage_is_refused_with_its_reason(stick: Stick) -> None:
    release = stick.published()
    blob = forget_stored(digest(FIRMWARE))
    path = storage.path_of(blob.stored)
    assert path is not None
    path.write_bytes(b"\x00" + FIRMWARE[1:])
    assert refused(stick, release).code == "artifact.tampered"
    blob.refresh_from_db()
    assert blob.tampered_at is not None


def test_a_release_without_files_goes_on_no_stick(stick: Stick) -> None:
    release = stick.published()
    Release.objects.filter(pk=release.pk).update(component=stick.cast.radio)
    release.artifacts.update(removed_at=release.drafted_at)
    release = Release.objects.select_related("component", "commit").get(pk=release.pk)
    with pytest.raises(Conflict) as caught:
        bundle_of(stick.cast.actor("kari"), release, None)
    assert caught.value.code == "bundle.nothing_signed"


def test_taking_it_away_is_journalled(stick: Stick) -> None:
    release = stick.published()
    bundle = make_bundle(actor=stick.cast.actor("olena"), release=release, team=stick.cast.north)
    entry = Entry.objects.filter(kind="bundle.made").get()
    assert entry.data == {"team_id": stick.cast.north.pk, "team": "North", "size": bundle.size, "etag": bundle.etag}
    assert (entry.subject_type, entry.subject_id, entry.actor_name) == ("release", release.pk, "Олена Коваль")
