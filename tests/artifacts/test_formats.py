"""Sums, manifest, bill of materials, blocks, ranges and tus headers: fixed vectors, properties, refusals."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.artifacts import compatibility, manifest, ranges, sbom, sums, tus
from releases.artifacts.blocks import BLOCK, Hasher, count_of, is_block, root_of
from releases.artifacts.faults import Fault
from releases.artifacts.sentences import _SENTENCES, sentence_of

FILE = manifest.File(
    name="autopilot.bin",
    size=4096,
    sha256="a" * 64,
    blocks_root="b" * 64,
    hardware=(manifest.Hardware("quad-10", "B"), manifest.Hardware("quad-10", "A")),
)
MANIFEST = manifest.Manifest(
    programme="sokil",
    component="autopilot",
    version="1.2-ø",
    sequence=3,
    repository="autopilot-firmware",
    tag="v1.2",
    tag_object="d" * 40,
    commit="c" * 40,
    files=(FILE,),
    sbom_sha256="e" * 64,
)
CANONICAL = (
    '{"commit":"cccccccccccccccccccccccccccccccccccccccc","component":"autopilot","files":[{"blocks":{"sha256":"'
    + "b" * 64
    + '","size":1048576},"hardware":[{"platform":"quad-10","revision":"A"},{"platform":"quad-10","revision":"B"}],'
    '"name":"autopilot.bin","sha256":"'
    + "a"
    * 64
    + '","size":4096}],"format":"fieldloop-manifest/1","programme":"sokil","repository":"autopilot-firmware","sbom":'
    '{"name":"sbom.cdx.json","sha256":"'
    + "e" * 64
    + '"},"sequence":3,"tag":"v1.2","tag_object":"dddddddddddddddddddddddddddddddddddddddd","version":"1.2-ø"}'
).encode()


def fault_of(call: object, *arguments: object, **named: object) -> Fault:
    assert callable(call)
    with pytest.raises(Fault) as caught:
        call(*arguments, **named)
    assert sentence_of(caught.value)
    return caught.value


def test_the_manifest_has_these_bytes_and_no_others() -> None:
    assert MANIFEST.canonical() == CANONICAL
    assert manifest.read(CANONICAL).canonical() == CANONICAL
    assert "time" not in CANONICAL.decode()
    assert "_at" not in CANONICAL.decode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "manifest.malformed"),
        (b"{}", "manifest.malformed"),
        (CANONICAL.replace(b"manifest/1", b"manifest/2"), "manifest.format"),
        (CANONICAL.replace(b'"sequence":3', b'"sequence": 3'), "manifest.not_canonical"),
        (CANONICAL.replace(b'"sequence":3', b'"extra":1,"sequence":3'), "manifest.not_canonical"),
        (CANONICAL.replace(b"autopilot.bin", b"../etc/passwd"), "file.name"),
    ],
)
def test_another_manifest_is_refused(content: bytes, code: str) -> None:
    assert fault_of(manifest.read, content).code == code


def test_the_sums_cover_the_manifest_and_the_bill_of_materials() -> None:
    assert sums.read(MANIFEST.sums()) == {
        "autopilot.bin": "a" * 64,
        "manifest.json": hashlib.sha256(CANONICAL).hexdigest(),
        "sbom.cdx.json": "e" * 64,
    }


def test_coreutils_reads_the_sums(tmp_path: Path) -> None:
    contents = {"a.bin": b"a", "B_2.hex": b"", "c+d-1.2.bin": b"cd"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    (tmp_path / "SHA256SUMS").write_bytes(sums.write(digests))
    check = ["sha256sum", "-c", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, check=True, capture_output=True).stdout.count(b": OK") == 3
    (tmp_path / "a.bin").write_bytes(b"b")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


@pytest.mark.parametrize(
    "name", ["", ".hidden", "-rf", "a/b", "a b", "a\nb", "a\\b", "ø.bin", "x" * 121, "con.", "a:b"]
)
def test_a_name_that_a_shell_would_mind_is_refused(name: str) -> None:
    assert fault_of(sums.check_name, name).code == "file.name"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"abc  a.bin\n", "sums.malformed"),
        (b"%s a.bin\n" % (b"a" * 64), "sums.malformed"),
        (b"%s  a.bin\n%s  a.bin\n" % (b"a" * 64, b"b" * 64), "sums.twice"),
        (b"%s  ../a.bin\n" % (b"a" * 64), "file.name"),
        ("ø".encode(), "sums.malformed"),
    ],
)
def test_sums_that_are_none_are_refused(content: bytes, code: str) -> None:
    assert fault_of(sums.read, content).code == code


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=3000), max_size=8), st.integers(0, 3))
def test_a_digest_does_not_depend_on_how_the_bytes_arrive(parts: list[bytes], blocks: int) -> None:
    whole = b"\x5a" * (blocks * BLOCK - 1 if blocks else 0) + b"".join(parts)
    by_parts, at_once = Hasher(), Hasher()
    for part in (whole[: len(whole) // 3], b"", whole[len(whole) // 3 :]):
        by_parts.update(part)
    at_once.update(whole)
    digest = at_once.digest()
    assert digest == by_parts.digest()
    assert digest.sha256 == hashlib.sha256(whole).hexdigest()
    assert len(digest.leaves) == 32 * count_of(len(whole))
    for number in range(count_of(len(whole))):
        block = whole[number * BLOCK : (number + 1) * BLOCK]
        assert is_block(digest.leaves, number, block)
        assert not is_block(digest.leaves, number, block + b"x")
    assert not is_block(digest.leaves, count_of(len(whole)), b"")
    assert root_of(digest.leaves) == hashlib.sha256(digest.leaves).hexdigest()


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 100)),
        ("bytes=-7", (93, 100)),
        ("bytes=-700", (0, 100)),
        ("bytes=50-500", (50, 100)),
        ("bytes=9-0", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("", None),
    ],
)
def test_a_range_is_read(header: str, span: tuple[int, int] | None) -> None:
    assert ranges.range_of(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_given(header: str) -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.range_of(header, 100)


def test_tus_metadata_is_read() -> None:
    value = base64.b64encode("прошивка.bin".encode()).decode()
    assert tus.metadata(f"filename {value},empty,hardware QQ==") == {
        "filename": "прошивка.bin",
        "empty": "",
        "hardware": "A",
    }
    for wrong in ("filename !!", "a QQ==,a QQ==", f"n {base64.b64encode(b'a' + bytes(1)).decode()}"):
        assert fault_of(tus.metadata, wrong).code == "tus.header"
    assert tus.number("Upload-Offset", "12") == 12
    for number in (None, "", "-1", "1.5", "9" * 19):
        assert fault_of(tus.number, "Upload-Offset", number).code == "tus.header"


ABOUT = sbom.About(
    component="autopilot",
    name="Autopilot",
    version="1.2",
    commit="c" * 40,
    tag="v1.2",
    repository_url="https://git.example/autopilot.git",
    files=(FILE,),
)


def test_the_bill_is_about_a_firmware_and_the_same_each_time() -> None:
    content = sbom.generated(ABOUT)
    assert content == sbom.generated(ABOUT)
    data = json.loads(content)
    assert data["metadata"]["component"]["type"] == "firmware"
    assert "timestamp" not in data["metadata"]
    assert data["components"][0]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert sbom.check(content, version="v1.2") == sbom.Read("1.6", 1)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"{", b"", "sbom.malformed"),
        (b'"CycloneDX"', b'"SPDX"', "sbom.malformed"),
        (b'"1.6"', b'"0.9"', "sbom.version"),
        (b'"name"', b'"nom"', "sbom.malformed"),
        (b'"firmware"', b'"operating-system"', "sbom.type"),
        (b'"1.2"', b'"1.3"', "sbom.release"),
    ],
)
def test_a_bill_that_does_not_fit_is_refused(old: bytes, new: bytes, code: str) -> None:
    content = sbom.generated(ABOUT)
    assert old in content
    assert fault_of(sbom.check, content.replace(old, new), version="1.2").code == code


def test_what_is_said_of_a_pair_as_a_whole_counts_before_what_is_said_of_a_part() -> None:
    said = compatibility.Statement
    state_of = compatibility.state_of_pair
    assert state_of([]) == "untested"
    assert state_of([said("supported", False), said("blocked", True)]) == "supported"
    assert state_of([said("blocked", False), said("supported", True)]) == "blocked"
    assert state_of([said("untested", False), said("supported", True)]) == "untested"
    assert state_of([said("blocked", True), said("supported", True)]) == "supported"
    assert state_of([said("blocked", True)]) == "blocked"


def test_every_fault_has_its_sentence() -> None:
    text = "".join(path.read_text() for path in Path("releases/artifacts").glob("*.py"))
    import re

    codes = set(re.findall(r'Fault\(\s*"([a-z_.]+)"', text)) | set(
        re.findall(r'"((?:key|signature)\.malformed)"', text)
    )
    assert codes <= _SENTENCES.keys()
    assert set(_SENTENCES) <= codes
