"""The other site: it knows the catalogue and the keys, and nothing of the release."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

import pytest
from django.db import connection

from foundation.kit.errors import DomainError
from releases.artifacts import storage
from releases.artifacts.models import Artifact, Blob, Manifest, Signature, Upload
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.models import BundleFile, ImportedBundle
from releases.models import Commit, Fetch, Installation, Publication, Release, Repository
from tests.bundles.world import Stick

Members = dict[str, bytes]
Edit = Callable[[Members], None]


def forget_the_origin(*, commits: bool = True) -> None:
    """Make this the other site: its catalogue and keys are there, and nothing of the release."""
    tables = [Signature, Manifest, Upload, Installation, Publication]
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        cursor.execute("DELETE FROM artifacts_compatibility")
        cursor.execute("DELETE FROM artifacts_artifact_hardware")
        for model in (Artifact, Blob, Release):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        if commits:
            for found in (Commit, Fetch, Repository):
                cursor.execute(f"DELETE FROM {found._meta.db_table}")


def take(stick: Stick, content: bytes, *, who: str = "kari", channel: str = "fleet") -> ImportedBundle:
    return import_bundle(actor=stick.cast.actor(who), file=io.BytesIO(content), channel=channel)


def refused(stick: Stick, content: bytes, **more: str) -> DomainError:
    before = (ImportedBundle.objects.count(), BundleFile.objects.count(), Blob.objects.count(), Release.objects.count())
    with pytest.raises(DomainError) as caught:
        take(stick, content, **more)
    after = (ImportedBundle.objects.count(), BundleFile.objects.count(), Blob.objects.count(), Release.objects.count())
    assert before == after
    incoming = storage.path_of("artifacts/incoming")
    assert incoming is not None
    assert not incoming.exists() or not any(incoming.iterdir())
    assert caught.value.message.endswith((".", "“"))
    return caught.value


def edited(content: bytes, edit: Edit) -> bytes:
    """Give the archive anew, after `edit` has had its members."""
    members: Members = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for info in archive:
            file = archive.extractfile(info)
            assert file is not None
            members[info.name] = file.read()
    edit(members)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()
