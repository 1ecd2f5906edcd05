"""Files in a real object store, by its own protocol (S3) over a socket: in, out, resumed, tampered with, and gone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from foundation.kit import clock
from foundation.kit.storage import storage_of
from frontline_feedback.actions import attach_file, report_ticket
from releases.artifacts import parts, storage
from releases.artifacts.actions.forget_uploads import forget_uploads
from releases.artifacts.models import Artifact, Blob
from tests.artifacts.uploading import BIG, PIECE, TUS, metadata
from tests.artifacts.world import World

pytestmark = pytest.mark.django_db
# Beyond what is sent at once: the store gets it in parts.
LARGE = os.urandom((9 << 20) + 4321)


@dataclass
class Bucket:
    """What an operator sees of the store, without Fieldloop."""

    client: Any
    name: str

    def names(self) -> list[str]:
        """Give the keys of all objects."""
        listed = self.client.list_objects_v2(Bucket=self.name)
        return [one["Key"] for one in listed.get("Contents", [])]

    def read(self, key: str) -> bytes:
        """Give an object's bytes."""
        content: bytes = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        return content

    def write(self, key: str, content: bytes) -> None:
        """Put other bytes in its place."""
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def delete(self, key: str) -> None:
        """Remove it."""
        self.client.delete_object(Bucket=self.name, Key=key)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a store of one's own, on a free port."""
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    yield f"{host}:{port}"
    store.stop()


@pytest.fixture
def bucket(server: str, settings: Settings) -> Bucket:
    """An empty bucket, in which this site keeps all its files."""
    name = f"fieldloop-{os.urandom(4).hex()}"
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{server}",
        region_name="eu-north-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret/with+signs",
    )
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    url = f"s3://key:secret%2Fwith%2Bsigns@{server}/{name}/site-1?region=eu-north-1&tls=off"
    settings.STORAGES = {**settings.STORAGES, "default": storage_of(url), "artifacts": storage_of(url)}
    return Bucket(client, name)


def get(client: Client, artifact: Artifact, **headers: str) -> Any:
    return client.get(f"/api/v1/artifacts/{artifact.pk}/content/", headers=headers)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_file_goes_in_by_the_api_and_out_as_it_came(bucket: Bucket, world: World) -> None:
    release, client = world.draft(), world.cast.api_client_of("kari")
    sha256 = hashlib.sha256(LARGE).hexdigest()
    address = f"/api/v1/releases/{release.pk}/artifacts/large.bin?hardware=quad-10/A&sha256={sha256}"
    for _time in range(2):
        sent = client.put(address, LARGE, content_type="application/octet-stream")
        assert sent.status_code == 201, sent.content
    assert bucket.names() == [f"site-1/artifacts/sha256/{sha256[:2]}/{sha256}"], "Nothing else is left behind."
    artifact = Artifact.objects.get()
    whole = get(client, artifact)
    assert body(whole) == LARGE
    assert whole["ETag"] == f'"{sha256}"'
    middle = get(client, artifact, Range=f"bytes={(8 << 20) + 5}-{(9 << 20) + 99}")
    assert middle.status_code == 206
    assert body(middle) == LARGE[(8 << 20) + 5 : (9 << 20) + 100]
    assert get(client, artifact, **{"If-None-Match": whole["ETag"]}).status_code == 304
    checked = client.post(f"/api/v1/artifacts/{artifact.pk}/check/", content_type="application/json")
    assert checked.status_code == 200


def test_a_file_that_is_not_what_was_announced_leaves_nothing_in_the_store(bucket: Bucket, world: World) -> None:
    release, client = world.draft(), world.cast.api_client_of("kari")
    address = f"/api/v1/releases/{release.pk}/artifacts/large.bin?hardware=quad-10/A&sha256={'0' * 64}"
    refused = client.put(address, BIG, content_type="application/octet-stream")
    assert refused.status_code == 422
    assert bucket.names() == []


def test_an_upload_is_carried_on_where_it_stopped(
    bucket: Bucket, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PIECE_HELD", PIECE)
    release, client = world.draft(), world.cast.api_client_of("kari")
    told = metadata({"filename": "big.bin", "hardware": "quad-10/A", "sha256": hashlib.sha256(BIG).hexdigest()})
    creation = {**TUS, "Upload-Length": str(len(BIG)), "Upload-Metadata": told}
    created = client.post(
        f"/api/v1/releases/{release.pk}/uploads/", b"", content_type="application/octet-stream", headers=creation
    )
    where = urlsplit(created["Location"]).path
    for start, end in ((0, 1000), (1000, PIECE + 777), (PIECE + 777, len(BIG))):
        assert client.head(where, headers=TUS)["Upload-Offset"] == str(start)
        headers = {**TUS, "Upload-Offset": str(start)}
        sent = client.patch(where, BIG[start:end], content_type="application/offset+octet-stream", headers=headers)
        assert sent.status_code == 204, sent.content
    artifact = Artifact.objects.get()
    assert body(get(client, artifact)) == BIG
    assert [key.split("/")[2] for key in bucket.names()] == ["sha256"], "The pieces are gone."
    assert forget_uploads() == 0


def test_a_byte_changed_in_the_store_is_noticed_at_the_next_download_and_refused(bucket: Bucket, world: World) -> None:
    artifact = world.published(content=BIG)
    client = world.cast.api_client_of("olena")
    assert body(get(client, artifact)) == BIG
    (key,) = (key for key in bucket.names() if "/sha256/" in key)
    changed = bytearray(bucket.read(key))
    changed[PIECE + 5] ^= 1
    bucket.write(key, bytes(changed))
    for _time in range(2):
        refused = get(client, artifact)
        assert (refused.status_code, refused.json()["code"]) == (409, "artifact.tampered")
    assert Blob.objects.get().tampered_at is not None


@pytest.mark.parametrize("cut", [False, True])
def test_a_file_that_is_gone_or_cut_short_is_refused_with_its_reason(bucket: Bucket, world: World, cut: bool) -> None:
    artifact = world.published(content=BIG)
    (key,) = (key for key in bucket.names() if "/sha256/" in key)
    if cut:
        bucket.write(key, BIG[:-1])
    else:
        bucket.delete(key)
    refused = get(world.cast.api_client_of("olena"), artifact)
    assert (refused.status_code, refused.json()["code"]) == (409, "artifact.tampered")


def test_the_house_cleans_up_what_a_killed_server_left(bucket: Bucket) -> None:
    from datetime import timedelta

    received = storage.receive([BIG])
    assert len(bucket.names()) == 1
    storage.drop_incoming(older_than=clock.now() - timedelta(days=1))
    assert len(bucket.names()) == 1
    storage.drop_incoming(older_than=clock.now() + timedelta(days=1))
    assert bucket.names() == []
    storage.drop(received.stored)  # gone already: nothing happens


def test_what_a_team_attaches_to_a_ticket_lies_there_too(bucket: Bucket, world: World) -> None:
    cast = world.cast
    olena = cast.actor("olena")
    ticket = report_ticket(
        actor=olena, team=cast.north, title="Link drops", platform=cast.platform, component=cast.radio,
        severity="S2", seen_at=clock.now(),
    )  # fmt: skip
    attachment = attach_file(
        actor=olena, ticket=ticket, upload=SimpleUploadedFile("flight.log", b"altitude 120\n"), name="flight.log"
    )
    (key,) = bucket.names()
    assert key.startswith(f"site-1/tickets/{ticket.pk}/")
    answer: Any = cast.client_of("olena").get(f"/attachments/{attachment.pk}")
    assert body(answer) == b"altitude 120\n"
    assert answer["Content-Length"] == "13"


def test_a_store_that_does_not_answer_is_said_so_and_nothing_is_called_tampered(
    bucket: Bucket, world: World, settings: Settings
) -> None:
    artifact = world.published(content=BIG)
    away = storage_of("s3://key:secret@127.0.0.1:9/bucket?region=eu-north-1&tls=off")
    settings.STORAGES = {**settings.STORAGES, "artifacts": away}
    client = world.cast.api_client_of("olena")
    client.raise_request_exception = False
    answer = get(client, artifact)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage.unavailable")
    assert Blob.objects.get().tampered_at is None
