"""Files come in: in one stream, or piece by piece by tus; every refusal names its reason."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from pytest_django import Settings

from foundation.accounts.actors import SYSTEM
from foundation.kit.errors import Conflict, Invalid
from releases.artifacts.actions.add_artifact import add_artifact
from releases.artifacts.models import Artifact, Blob
from releases.models import Release
from tests.artifacts.uploading import stored_files
from tests.artifacts.world import FIRMWARE, World

pytestmark = pytest.mark.django_db


def refusal(world: World, code: str, **changed: Any) -> None:
    release = changed.pop("release", None) or Release.objects.first() or world.draft()
    values = {
        "release": release,
        "name": "a.bin",
        "hardware": [world.cast.rev_a.pk],
        "content": [b"abc"],
        **changed,
    }
    with pytest.raises((Invalid, Conflict)) as caught:
        add_artifact(actor=SYSTEM, **values)
    assert caught.value.code == code
    assert not stored_files()


def test_what_cannot_come_in_is_refused_with_its_reason(world: World, settings: Settings) -> None:
    settings.ARTIFACT_MAX_BYTES = 1000
    refusal(world, "file.name", name="../a.bin")
    refusal(world, "artifact.name_reserved", name="SHA256SUMS")
    refusal(world, "artifact.name_reserved", name="a.minisig")
    refusal(world, "artifact.hardware_missing", hardware=[])
    refusal(world, "artifact.hardware_unknown", hardware=[world.cast.foreign_revision.pk])
    refusal(world, "artifact.empty", content=[])
    refusal(world, "artifact.too_large", content=[bytes(600), bytes(600)])
    refusal(world, "artifact.sha256_malformed", sha256="abc")
    refusal(world, "artifact.sha256_differs", sha256="0" * 64)
    refusal(world, "artifact.incomplete", size=4)
    assert not Artifact.objects.exists()
    assert not Blob.objects.exists()


def test_a_sender_that_breaks_off_leaves_nothing(world: World) -> None:
    def broken() -> Any:
        yield b"abc"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        world.artifact(world.draft(), broken())
    assert not stored_files()


def test_the_same_file_again_is_the_same_artifact_and_another_is_refused(world: World) -> None:
    release = world.draft()
    first = world.artifact(release)
    assert world.artifact(release).pk == first.pk
    with pytest.raises(Conflict) as caught:
        world.artifact(release, b"other")
    assert caught.value.code == "artifact.name_taken"
    assert first.blob.sha256 in caught.value.message


def test_the_same_bytes_are_stored_once(world: World) -> None:
    first, second = world.artifact(world.draft("1.0")), world.artifact(world.draft("1.1"))
    assert first.blob_id == second.blob_id
    assert not stored_files()


def test_a_script_puts_a_file_in_one_stream(world: World) -> None:
    release, client = world.draft(), world.cast.api_client_of("magnus")
    address = f"/api/v1/releases/{release.pk}/artifacts/autopilot.bin"
    digest = hashlib.sha256(FIRMWARE).hexdigest()
    response = client.put(
        f"{address}?hardware=quad-10/A&hardware=B&sha256={digest}", FIRMWARE, content_type="application/octet-stream"
    )
    assert response.status_code == 201, response.content
    assert response.json()["hardware"] == ["quad-10/A", "quad-10/B"]
    assert response.json()["sha256"] == digest
    assert client.get(response["Location"]).json()["size"] == len(FIRMWARE)
    wrong = client.put(f"{address}?hardware=C", FIRMWARE, content_type="application/octet-stream")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "artifact.hardware_unknown")
    assert "quad-10/A, quad-10/B" in wrong.json()["detail"]
