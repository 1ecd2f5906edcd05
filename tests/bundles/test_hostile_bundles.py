"""Whatever an archive tries, nothing of it comes in, and the refusal names its reason."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from foundation.kit.errors import DomainError
from releases.bundles.actions.import_bundle import import_bundle
from tests.bundles.site import Members, edited, refused
from tests.bundles.world import Stick


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
