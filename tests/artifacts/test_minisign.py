"""The signature format by fixed vectors, every refusal with its reason, and the real program against our reading."""

from __future__ import annotations

import base64
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.artifacts.faults import Fault
from releases.artifacts.minisign import read_public_key, read_signature, verify
from tests.artifacts.minisigning import RealSigner, Signer, run

# Made once with Debian's minisign 0.11 over b"hello\n".
PUBLIC = """untrusted comment: minisign public key 24E0D536C3D5AD9
RWTZWj1sUw1OAqhcetlFydt1gF2W6vWIrg2HIls8krDLJCr8Jv58BTN4
"""
SIGNATURE = """untrusted comment: signature from minisign secret key
RUTZWj1sUw1OAr6WsXrULVUby2kSrkyP3sNjfKliVPUONCLyw79sOif3iGp90DZB9rWSPzUm/rY8Vy8mnqkdfIAGhKqFP9hyZwI=
trusted comment: autopilot 1.2
i1CSa0Sj7XcewY0LQIU741EvfVW7rF42wHCI9qThXVV3Tr7Vx8GkHhI799h6WZbDOxGoBYld7clfhKBh8/e0Cw==
"""
LEGACY = """untrusted comment: signature from minisign secret key
RWTZWj1sUw1OAqssWHD1rP1y8hXxGEtB5nVVR0zYkeBCO4JZgqZzaIVnjW7lQH0v994DHNMZzJh5bOJ5z9DcD3HywGhy/HJaZA8=
trusted comment: timestamp:1795342095	file:SHA256SUMS
D4hGqZYgfMPNMFJuPAlsaQHlW6CzcssfCnW5W1tRUGNCZCCT5ewdXJUp0oLU53bX5PdCeuTi9NAZdaGij+f0Aw==
"""
CONTENT = b"hello\n"


def fault_of(call: object, *arguments: object) -> Fault:
    assert callable(call)
    with pytest.raises(Fault) as caught:
        call(*arguments)
    return caught.value


def test_the_vector_is_read_and_fits() -> None:
    key, signature = read_public_key(PUBLIC), read_signature(SIGNATURE)
    assert key.name == signature.key_name == "024E0D536C3D5AD9"
    assert signature.trusted_comment == "autopilot 1.2"
    verify(key, signature, CONTENT)


def test_a_key_may_come_as_its_second_line_alone() -> None:
    line = PUBLIC.splitlines()[1]
    assert read_public_key(line) == read_public_key(PUBLIC)
    assert read_public_key(PUBLIC).text == line


def test_a_signature_may_have_the_line_ends_of_another_system() -> None:
    verify(read_public_key(PUBLIC), read_signature(SIGNATURE.replace("\n", "\r\n")), CONTENT)


def test_the_legacy_format_is_refused_by_name() -> None:
    fault = fault_of(read_signature, LEGACY)
    assert (fault.code, fault.values["key"]) == ("signature.legacy", "024E0D536C3D5AD9")


def test_other_content_is_refused() -> None:
    fault = fault_of(verify, read_public_key(PUBLIC), read_signature(SIGNATURE), CONTENT + b"\n")
    assert fault.code == "signature.wrong"


def test_a_changed_trusted_comment_is_refused() -> None:
    changed = read_signature(SIGNATURE.replace("autopilot 1.2", "autopilot 1.3"))
    fault = fault_of(verify, read_public_key(PUBLIC), changed, CONTENT)
    assert (fault.code, fault.values["comment"]) == ("signature.comment", "autopilot 1.3")


def test_another_key_is_refused_by_its_id() -> None:
    other = Signer.new()
    fault = fault_of(verify, read_public_key(other.public_text), read_signature(SIGNATURE), CONTENT)
    assert (fault.code, fault.values["expected"]) == ("signature.other_key", other.name)


def test_another_key_with_the_same_id_is_refused() -> None:
    impostor = Signer(Signer.new().private, read_public_key(PUBLIC).key_id)
    fault = fault_of(verify, read_public_key(PUBLIC), read_signature(impostor.sign(CONTENT)), CONTENT)
    assert fault.code == "signature.wrong"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "key.malformed"),
        ("RWQ", "key.malformed"),
        (PUBLIC + "RWQ\n", "key.malformed"),
        (base64.b64encode(b"ED" + bytes(40)).decode(), "key.algorithm"),
        (base64.b64encode(b"Ed" + bytes(41)).decode(), "key.malformed"),
    ],
)
def test_what_is_no_key_is_refused(text: str, code: str) -> None:
    assert fault_of(read_public_key, text).code == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        SIGNATURE.replace("untrusted", "comment"),
        SIGNATURE.replace("trusted comment: auto", "trusted auto"),
        SIGNATURE + "more\n",
        "\n".join(SIGNATURE.splitlines()[:3]),
        SIGNATURE.replace("RUTZ", "RUT!"),
        SIGNATURE.replace("0Cw==", "0Cw="),
    ],
)
def test_what_is_no_signature_is_refused(text: str) -> None:
    assert fault_of(read_signature, text).code == "signature.malformed"


def test_an_unknown_algorithm_is_refused_by_name() -> None:
    line = SIGNATURE.splitlines()[1]
    other = base64.b64encode(b"XX" + base64.b64decode(line)[2:]).decode()
    fault = fault_of(read_signature, SIGNATURE.replace(line, other))
    assert (fault.code, fault.values["algorithm"]) == ("signature.algorithm", "XX")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_no_text_brings_the_readers_down(text: str) -> None:
    for read in (read_public_key, read_signature):
        with suppress(Fault):
            read(text)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=2000), st.integers(min_value=0))
def test_every_changed_bit_of_what_was_signed_is_noticed(content: bytes, place: int) -> None:
    signer = Signer.new()
    key, signature = read_public_key(signer.public_text), read_signature(signer.sign(content))
    verify(key, signature, content)
    changed = bytearray(content or b"\0")
    changed[place % len(changed)] ^= 1 << (place % 8)
    assert fault_of(verify, key, signature, bytes(changed)).code == "signature.wrong"


def test_what_the_program_signs_is_accepted_here(minisign: str, tmp_path: Path) -> None:
    signer = RealSigner.new(tmp_path, "team")
    text = signer.sign(CONTENT, "autopilot 1.3", "-H")
    signature = read_signature(text)
    verify(read_public_key(signer.public_text), signature, CONTENT)
    assert signature.trusted_comment == "autopilot 1.3"
    legacy = signer.sign(CONTENT, "old", "-l")
    assert fault_of(read_signature, legacy).code == "signature.legacy"


def test_what_the_tests_sign_is_accepted_by_the_program(minisign: str, tmp_path: Path) -> None:
    signer = Signer.new()
    (tmp_path / "SHA256SUMS").write_bytes(CONTENT)
    (tmp_path / "team.pub").write_text(signer.public_text)
    (tmp_path / "SHA256SUMS.minisig").write_text(signer.sign(CONTENT, "ours"))
    told = run("-V", "-H", "-m", "SHA256SUMS", "-p", "team.pub", cwd=tmp_path).stdout
    assert "Trusted comment: ours" in told
    (tmp_path / "SHA256SUMS.minisig").write_text(signer.sign(CONTENT, "ours", legacy=True))
    with pytest.raises(subprocess.CalledProcessError):
        run("-V", "-H", "-m", "SHA256SUMS", "-p", "team.pub", cwd=tmp_path)


def test_a_key_has_the_name_that_the_program_prints(minisign: str, tmp_path: Path) -> None:
    signer = RealSigner.new(tmp_path, "team")
    printed = signer.public_text.splitlines()[0].split()[-1]
    assert minisign
    assert read_public_key(signer.public_text).name == printed.rjust(16, "0")
