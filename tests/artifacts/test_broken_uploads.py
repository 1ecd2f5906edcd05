"""Uploads that break off, by the connection or by the server, are carried on where they stopped."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
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
from releases.artifacts import parts, storage
from releases.artifacts.actions.append_upload import append_upload
from releases.artifacts.actions.forget_uploads import forget_uploads
from releases.artifacts.actions.start_upload import start_upload
from releases.artifacts.models import Artifact, Piece, Upload
from tests.artifacts.uploading import BIG, PIECE, TUS, begun, reading, stored_files
from tests.artifacts.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settle as often as the tests expect it."""
    monkeypatch.setattr(parts, "PIECE", PIECE)
    monkeypatch.setattr(parts, "PIECE_HELD", PIECE)


@pytest.mark.parametrize("error", [None, ConnectionResetError])
def test_what_came_in_before_a_connection_broke_is_kept(world: World, error: type[OSError] | None) -> None:
    upload = begun(world, len(BIG))
    broken_at = PIECE + 777
    upload = append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(BIG, stops_at=broken_at, error=error))
    assert upload.offset == broken_at
    upload = append_upload(actor=SYSTEM, upload=upload, offset=broken_at, read=reading(BIG[broken_at:]))
    assert upload.artifact is not None
    assert upload.artifact.blob.sha256 == hashlib.sha256(BIG).hexdigest()


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


@pytest.mark.parametrize("stops_at", [PIECE + 777, 777])
def test_of_two_that_carry_on_a_file_the_slower_takes_nothing_away(world: World, stops_at: int) -> None:
    upload = begun(world, len(BIG))
    whole = reading(BIG)

    def read(size: int) -> bytes:
        # The first has stored a piece; the second carries it on while the first still sends.
        at = Upload.objects.get().offset
        if at == PIECE:
            append_upload(actor=SYSTEM, upload=upload, offset=at, read=reading(BIG[at:], stops_at=stops_at))
        return whole(size)

    with pytest.raises(Conflict) as caught:
        append_upload(actor=SYSTEM, upload=upload, offset=0, read=read)
    assert caught.value.code == "upload.offset"
    at = Upload.objects.get().offset
    assert at == PIECE + stops_at
    upload = append_upload(actor=SYSTEM, upload=upload, offset=at, read=reading(BIG[at:]))
    assert upload.artifact is not None
    assert upload.artifact.blob.sha256 == hashlib.sha256(BIG).hexdigest()
    assert not stored_files()


def test_a_whole_file_that_is_refused_at_its_end_leaves_no_bytes(world: World) -> None:
    upload = begun(world, len(BIG), sha256="0" * 64)
    with pytest.raises(Invalid):
        append_upload(actor=SYSTEM, upload=upload, offset=0, read=reading(BIG))
    assert [Path(path).stat().st_size for path in stored_files()] == [2 * PIECE]
    assert Piece.objects.get().size == 2 * PIECE


KILLED = """
import sys, time, uuid
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[2]
settings.JOURNAL_WAKE = False
from releases.artifacts import parts
parts.PIECE = 1 << 20
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
