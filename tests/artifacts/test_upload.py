"""Files come in: in one stream, or piece by piece by tus; every refusal names its reason."""

from __future__ import annotations

import base64
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from pytest_django import Settings

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.artifacts import storage
from releases.artifacts.actions.add_artifact import add_artifact
from releases.artifacts.actions.append_upload import PIECE, append_upload
from releases.artifacts.actions.forget_uploads import forget_uploads
from releases.artifacts.actions.start_upload import start_upload
from releases.artifacts.models import Artifact, Blob, Piece, Upload
from releases.models import Release
from tests.artifacts.world import FIRMWARE, World

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
BIG = os.urandom(2 * PIECE + 1234)


def metadata(values: Mapping[str, str]) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


def reading(
    content: bytes, *, stops_at: int | None = None, error: type[OSError] | None = None
) -> Callable[[int], bytes]:
    """Give a body to read: it ends, or breaks off with an error, at `stops_at`."""
    position = 0

    def read(size: int) -> bytes:
        nonlocal position
        end = len(content) if stops_at is None else stops_at
        if position >= end and error is not None:
            raise error
        part = content[position : min(end, position + size)]
        position += len(part)
        return part

    return read


def begun(world: World, size: int, **more: Any) -> Upload:
    release = more.pop("release", None) or world.draft()
    return start_upload(
        actor=SYSTEM, release=release, name="big.bin", hardware=[world.cast.rev_a.pk], size=size, **more
    )


def stored_files() -> list[str]:
    """Give every file in the storage that is no blob."""
    root = django_settings.MEDIA_ROOT / "artifacts"
    return [str(path) for path in root.rglob("*") if path.is_file() and "sha256" not in path.parts]


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


def test_tus_goes_from_creation_to_the_artifact(world: World) -> None:
    release, client = world.draft(), world.cast.api_client_of("kari")
    told = metadata({"filename": "big.bin", "hardware": "quad-10/A", "sha256": hashlib.sha256(BIG).hexdigest()})
    creation = {**TUS, "Upload-Length": str(len(BIG)), "Upload-Metadata": told}
    created = client.post(
        f"/api/v1/releases/{release.pk}/uploads/", b"", content_type="application/octet-stream", headers=creation
    )
    assert (created.status_code, created["Tus-Resumable"], created["Upload-Offset"]) == (201, "1.0.0", "0")
    where = urlsplit(created["Location"]).path

    def patch(offset: int, content: bytes, **more: str) -> Any:
        headers = {**TUS, "Upload-Offset": str(offset), **{k.replace("_", "-"): v for k, v in more.items()}}
        return client.patch(where, content, content_type="application/offset+octet-stream", headers=headers)

    assert patch(0, BIG[:1000]).status_code == 204
    head = client.head(where, headers=TUS)
    assert (head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == ("1000", str(len(BIG)), "no-store")
    behind = patch(0, BIG)
    assert (behind.status_code, behind.json()["code"]) == (409, "upload.offset")
    assert patch(1000, BIG, Tus_Resumable="0.2").status_code == 412
    assert (
        client.patch(where, BIG, content_type="text/plain", headers={**TUS, "Upload-Offset": "1000"}).status_code == 415
    )
    assert patch(1000, BIG).json()["code"] == "upload.too_much"
    assert client.head(where, headers=TUS)["Upload-Offset"] == "1000"
    done = patch(1000, BIG[1000:])
    assert (done.status_code, done["Upload-Offset"]) == (204, str(len(BIG)))
    artifact = Artifact.objects.get(pk=client.get(where).json()["artifact"])
    assert artifact.blob.sha256 == hashlib.sha256(BIG).hexdigest()
    assert not stored_files()
    assert not Piece.objects.exists()
    assert patch(len(BIG), b"more").json()["code"] == "upload.finished"


def test_tus_says_what_it_speaks(world: World) -> None:
    client = world.cast.api_client_of("kari")
    answer = client.options(f"/api/v1/releases/{world.draft().pk}/uploads/")
    assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
    assert answer["Tus-Extension"] == "creation,expiration,termination"


@pytest.mark.parametrize("error", [None, ConnectionResetError])
def test_what_came_in_before_a_connection_broke_is_kept(world: World, error: type[OSError] | None) -> None:
    upload = begun(world, len(BIG))
    broken_at = PIECE + 777
    upload = append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(BIG, stops_at=broken_at, error=error))
    assert upload.offset == broken_at
    upload = append_upload(actor=SYSTEM, upload=upload, offset=broken_at, read=reading(BIG[broken_at:]))
    assert upload.artifact is not None
    assert upload.artifact.blob.sha256 == hashlib.sha256(BIG).hexdigest()


def test_a_sum_that_differs_ends_the_upload_with_the_reason(world: World) -> None:
    upload = begun(world, 3, sha256="0" * 64)
    with pytest.raises(Invalid) as caught:
        append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(b"abc"))
    assert caught.value.code == "artifact.sha256_differs"
    with pytest.raises(Conflict) as again:
        append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(b"abc"))
    assert (again.value.code, again.value.message) == ("upload.refused", caught.value.message)


def test_the_release_may_be_approved_meanwhile(world: World) -> None:
    upload = begun(world, 3)
    world.approved(upload.release)
    with pytest.raises(Conflict) as caught:
        append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(b"abc"))
    assert caught.value.code == "artifact.release_frozen"
    assert not stored_files()


def test_of_two_senders_at_one_place_the_second_is_refused(world: World) -> None:
    upload = begun(world, len(BIG))

    def read(size: int) -> bytes:
        # While the first still reads, the second stores its piece.
        if not Piece.objects.exists():
            append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(BIG[:100]))
        return first(size)

    first = reading(BIG)
    with pytest.raises(Conflict) as caught:
        append_upload(actor=SYSTEM, upload=upload, offset=0, read=read)
    assert caught.value.code == "upload.offset"
    upload.refresh_from_db()
    assert upload.offset == 100
    assert len(stored_files()) == 1


def test_somebody_elses_upload_is_not_there(world: World) -> None:
    upload = start_upload(
        actor=world.cast.actor("kari"),
        release=world.draft(),
        name="a.bin",
        hardware=[world.cast.rev_a.pk],
        size=3,
    )
    assert world.cast.api_client_of("magnus").head(f"/api/v1/uploads/{upload.uuid}/").status_code == 404


def test_uploads_that_nobody_carries_on_are_forgotten(world: World) -> None:
    upload = begun(world, len(BIG))
    append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(BIG[:100]))
    assert forget_uploads() == 0
    with clock.at(clock.now() + timedelta(days=8)):
        assert forget_uploads() == 1
    assert not Upload.objects.exists()
    assert not stored_files()


def test_an_object_store_does_as_well_as_a_folder(world: World, settings: Settings) -> None:
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "artifacts": memory}
    upload = begun(world, len(BIG))
    append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(BIG[:100]))
    append_upload(actor=SYSTEM, upload=upload, offset=100, read=reading(BIG[100:]))
    artifact = Artifact.objects.get()
    assert b"".join(storage.read_all(artifact.blob.stored)) == BIG
    assert storage.store().listdir("artifacts/incoming")[1] == []
    client = world.cast.api_client_of("magnus")
    response: Any = client.get(f"/api/v1/artifacts/{artifact.pk}/content/", headers={"Range": f"bytes={PIECE}-"})
    assert b"".join(response.streaming_content) == BIG[PIECE:]


@pytest.mark.django_db(transaction=True)
def test_a_client_whose_connection_breaks_carries_on(world: World, live_server: Any) -> None:
    release = world.draft()
    upload = start_upload(
        actor=world.cast.actor("kari"),
        release=release,
        name="big.bin",
        hardware=[world.cast.rev_a.pk],
        size=len(BIG),
    )
    token = world.cast.token(world.cast.kari)
    server = urlsplit(live_server.url)
    head = (
        f"PATCH /api/v1/uploads/{upload.uuid}/ HTTP/1.1\r\nHost: {server.netloc}\r\nTus-Resumable: 1.0.0\r\n"
        f"Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {len(BIG)}\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    )
    with socket.create_connection((server.hostname or "", server.port or 0)) as half:
        half.sendall(head.encode() + BIG[: PIECE + 5])
    deadline = time.monotonic() + 20
    while upload.offset != PIECE + 5 and time.monotonic() < deadline:
        time.sleep(0.05)
        upload.refresh_from_db()
    assert upload.offset == PIECE + 5
    client = Client(headers={"Authorization": f"Bearer {token}"})
    rest = client.patch(
        f"/api/v1/uploads/{upload.uuid}/",
        BIG[upload.offset :],
        content_type="application/offset+octet-stream",
        headers={**TUS, "Upload-Offset": str(upload.offset)},
    )
    assert rest.status_code == 204
    assert Artifact.objects.get().blob.sha256 == hashlib.sha256(BIG).hexdigest()


KILLED = """
import sys, time, uuid
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[2]
settings.JOURNAL_WAKE = False
from foundation.accounts.actors import SYSTEM
from releases.artifacts.actions.append_upload import append_upload
from releases.artifacts.models import Upload
content = open(sys.argv[3], "rb")
upload = Upload.objects.get(uuid=uuid.UUID(sys.argv[1]))
def read(size):
    part = content.read(min(size, 1 << 20))
    time.sleep(0.02)
    return part
append_upload(actor=SYSTEM, upload=upload, offset=0, read=read)
"""


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_killed_loses_only_the_piece_it_held(world: World, tmp_path: Any) -> None:
    upload = begun(world, len(BIG))
    (tmp_path / "big.bin").write_bytes(BIG)
    values = connection.settings_dict
    url = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "rnd.settings"}
    command = [sys.executable, "-c", KILLED, str(upload.uuid), str(django_settings.MEDIA_ROOT), tmp_path / "big.bin"]
    process = subprocess.Popen(command, env=environment)
    try:
        deadline = time.monotonic() + 60
        while upload.offset == 0 and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.01)
            upload.refresh_from_db()
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    upload.refresh_from_db()
    assert upload.offset in (PIECE, 2 * PIECE)
    upload = append_upload(actor=SYSTEM, upload=upload, offset=upload.offset, read=reading(BIG[upload.offset :]))
    assert upload.artifact is not None
    assert upload.artifact.blob.sha256 == hashlib.sha256(BIG).hexdigest()
