"""Files go out whole, in ranges, and only as what came in and was signed."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from foundation.accounts.actors import SYSTEM
from releases.actions.withdraw_release import withdraw_release
from releases.artifacts import storage
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.blocks import BLOCK
from releases.artifacts.checking import Tampered
from releases.artifacts.models import Artifact, Blob
from tests.artifacts.world import FIRMWARE, World

pytestmark = pytest.mark.django_db
BIG = os.urandom(3 * BLOCK + 12_345)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def get(client: Client, artifact: Artifact, **headers: str) -> Any:
    return client.get(
        f"/api/v1/artifacts/{artifact.pk}/content/", headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def path_of(artifact: Artifact) -> Any:
    path = storage.path_of(artifact.blob.stored)
    assert path is not None
    return path


def change(artifact: Artifact, at: int) -> None:
    """Turn one bit in the storage, leaving size and times as they were."""
    path = path_of(artifact)
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0] ^ 1
        file.seek(at)
        file.write(bytes([byte]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_file_goes_out_as_it_came_in(world: World) -> None:
    artifact = world.published(content=BIG)
    response = get(world.cast.api_client_of("olena"), artifact)
    assert response.status_code == 200
    assert body(response) == BIG
    digest = hashlib.sha256(BIG).hexdigest()
    assert response["ETag"] == f'"{digest}"'
    assert response["Content-Length"] == str(len(BIG))
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Disposition"] == 'attachment; filename="autopilot.bin"'
    assert path_of(artifact).name == digest


@pytest.mark.parametrize("span", [(0, 1), (10, BLOCK), (BLOCK - 1, BLOCK + 1), (2 * BLOCK, len(BIG)), (7, 3 * BLOCK)])
def test_a_range_goes_out(world: World, span: tuple[int, int]) -> None:
    artifact = world.published(content=BIG)
    first, beyond = span
    response = get(world.cast.api_client_of("olena"), artifact, Range=f"bytes={first}-{beyond - 1}")
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{beyond - 1}/{len(BIG)}"
    assert body(response) == BIG[first:beyond]


def test_conditions_and_impossible_ranges_are_answered(world: World) -> None:
    artifact = world.published()
    client = world.cast.api_client_of("olena")
    etag = f'"{artifact.blob.sha256}"'
    assert get(client, artifact, If_None_Match=etag).status_code == 304
    assert get(client, artifact, Range="bytes=0-1", If_Range=etag).status_code == 206
    assert get(client, artifact, Range="bytes=0-1", If_Range='"old"').status_code == 200
    beyond = get(client, artifact, Range=f"bytes={len(FIRMWARE)}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(FIRMWARE)}")
    head = client.head(f"/api/v1/artifacts/{artifact.pk}/content/")
    assert (head.status_code, head["Content-Length"], body(head)) == (200, str(len(FIRMWARE)), b"")


@pytest.mark.parametrize("at", [0, BLOCK, len(BIG) - 1])
def test_a_changed_bit_is_noticed_at_the_next_download_and_refused(world: World, at: int) -> None:
    artifact = world.published(content=BIG)
    change(artifact, at)
    client = world.cast.api_client_of("olena")
    response = get(client, artifact)
    assert response.status_code == 409
    problem = response.json()
    assert problem["code"] == "artifact.tampered"
    assert f"the bytes {at // BLOCK * BLOCK} to" in problem["detail"]
    told = client.get(f"/api/v1/artifacts/{artifact.pk}/").json()
    assert told["tampered_at"]
    page = world.cast.client_of("kari").get(f"{artifact.release.get_absolute_url()}artifacts/panel/").content.decode()
    assert "A file was changed in the storage" in page
    release = world.cast.client_of("kari").get(artifact.release.get_absolute_url()).content.decode()
    assert "found that autopilot.bin was changed in the storage" in release


def test_only_the_range_that_is_asked_for_has_to_be_right_and_nothing_after_a_fault(world: World) -> None:
    artifact = world.published(content=BIG)
    change(artifact, 2 * BLOCK)
    client = world.cast.api_client_of("olena")
    assert body(get(client, artifact, Range="bytes=0-99")) == BIG[:100]
    assert get(client, artifact, Range=f"bytes={2 * BLOCK}-").status_code == 409
    assert get(client, artifact, Range="bytes=0-99").status_code == 409


def test_a_large_file_breaks_off_before_the_wrong_block(world: World, settings: Settings) -> None:
    settings.ARTIFACT_CHECK_FIRST_BYTES = BLOCK
    artifact = world.published(content=BIG)
    client = world.cast.api_client_of("olena")
    assert body(get(client, artifact)) == BIG
    change(artifact, 2 * BLOCK + 5)
    response = get(client, artifact)
    assert response.status_code == 200
    chunks = iter(response.streaming_content)
    assert next(chunks) + next(chunks) == BIG[: 2 * BLOCK]
    with pytest.raises(Tampered):
        next(chunks)
    assert get(client, artifact).json()["code"] == "artifact.tampered"


@pytest.mark.parametrize("how", ["missing", "shorter", "longer", "empty"])
def test_a_file_that_is_gone_or_of_another_size_is_refused(world: World, how: str) -> None:
    artifact = world.published()
    path = path_of(artifact)
    match how:
        case "missing":
            path.unlink()
        case "shorter":
            path.write_bytes(FIRMWARE[:-1])
        case "longer":
            path.write_bytes(FIRMWARE + b"\0")
        case _empty:
            path.write_bytes(b"")
    response = get(world.cast.api_client_of("olena"), artifact)
    assert (response.status_code, response.json()["code"]) == (409, "artifact.tampered")


def test_a_file_that_was_put_right_is_trusted_again_after_a_check(world: World) -> None:
    artifact = world.published()
    change(artifact, 7)
    kari, olena = world.cast.api_client_of("kari"), world.cast.api_client_of("olena")
    assert get(olena, artifact).status_code == 409
    check = f"/api/v1/artifacts/{artifact.pk}/check/"
    assert kari.post(check, content_type="application/json").json()["tampered_at"]
    path_of(artifact).write_bytes(FIRMWARE)
    assert get(olena, artifact).status_code == 409
    assert kari.post(check, content_type="application/json").json()["tampered_at"] is None
    assert body(get(olena, artifact)) == FIRMWARE


def test_the_same_bytes_sent_again_heal_what_was_changed(world: World) -> None:
    artifact = world.published()
    change(artifact, 7)
    assert get(world.cast.api_client_of("olena"), artifact).status_code == 409
    world.artifact(world.draft("1.1"))
    assert Blob.objects.count() == 1
    assert body(get(world.cast.api_client_of("olena"), artifact)) == FIRMWARE


def test_files_are_no_longer_given_out_when_a_signer_is_revoked(world: World) -> None:
    artifact = world.published()
    revoke_key(actor=SYSTEM, key=world.keys["henrik"], reason="Stolen.")
    client = world.cast.api_client_of("olena")
    response = get(client, artifact)
    assert (response.status_code, response.json()["code"]) == (409, "artifact.signatures_missing")
    sums = client.get(f"/api/v1/releases/{artifact.release_id}/files/SHA256SUMS")
    assert sums.json()["code"] == "artifact.signatures_missing"


def test_a_team_gets_only_what_its_channel_brings(world: World) -> None:
    artifact = world.published(channel="pilot")
    refused = get(world.cast.api_client_of("olena"), artifact)
    assert (refused.status_code, refused.json()["code"]) == (403, "artifact.not_received")
    assert get(world.cast.api_client_of("magnus"), artifact).status_code == 200
    assert get(world.cast.api_client_of("roman"), artifact).status_code == 404


def test_a_withdrawn_release_is_refused_with_its_reason(world: World) -> None:
    artifact = world.published()
    withdraw_release(actor=SYSTEM, release=artifact.release, reason="Drifts in the cold.")
    refused = get(world.cast.api_client_of("olena"), artifact)
    assert (refused.status_code, refused.json()["code"]) == (409, "release.withdrawn")
    assert "Drifts in the cold." in refused.json()["detail"]
    assert get(world.cast.api_client_of("magnus"), artifact).status_code == 200


def test_what_stands_beside_the_files_is_fetched_by_name(world: World) -> None:
    artifact = world.published()
    client = world.cast.client_of("olena")
    address = f"{artifact.release.get_absolute_url()}files/"
    fetched = {
        name: body(client.get(f"{address}{name}"))
        for name in ("autopilot.bin", "manifest.json", "sbom.cdx.json", "SHA256SUMS", "SHA256SUMS.minisig")
    }
    for line in fetched["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(fetched[name]).hexdigest() == digest
    assert b"signed by kari" in fetched["SHA256SUMS.minisig"]
    henrik = f"SHA256SUMS.{world.keys['henrik'].key_id}.minisig"
    assert b"signed by henrik" in body(client.get(f"{address}{henrik}"))
    assert client.get(f"{address}nothing.bin").status_code == 404
