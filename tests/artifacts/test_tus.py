"""tus, from its creation to the artifact; every refusal names its reason."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.kit.errors import Conflict, Invalid
from releases.artifacts.actions.append_upload import append_upload
from releases.artifacts.actions.start_upload import start_upload
from releases.artifacts.models import Artifact, Piece
from tests.artifacts.uploading import BIG, TUS, begun, metadata, reading, stored_files
from tests.artifacts.world import World

pytestmark = pytest.mark.django_db


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


def test_somebody_elses_upload_is_not_there(world: World) -> None:
    upload = start_upload(
        actor=world.cast.actor("kari"),
        release=world.draft(),
        name="a.bin",
        hardware=[world.cast.rev_a.pk],
        size=3,
    )
    assert world.cast.api_client_of("magnus").head(f"/api/v1/uploads/{upload.uuid}/").status_code == 404
