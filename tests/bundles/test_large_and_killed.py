"""Firmware of any size goes through a few megabytes of memory, and a killed import leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.db import connection

from releases.artifacts import storage
from releases.artifacts.models import Blob
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.models import BundleFile, BundleSignature, ImportedBundle
from releases.bundles.plan import Bundle
from releases.models import Release
from tests.bundles.site import forget_the_origin
from tests.bundles.world import Stick

SIZE: Final = 96 * 1024 * 1024
MOST_MEMORY: Final = 12 * 1024 * 1024
_CHUNK: Final = bytes(1 << 20)


def zeros() -> Iterator[bytes]:
    for _number in range(SIZE // len(_CHUNK)):
        yield _CHUNK


def write_sparse(bundle: Bundle, path: Path) -> None:
    with path.open("wb") as out:
        for part in bundle.read():
            if part.count(0) == len(part):
                out.seek(len(part), os.SEEK_CUR)
            else:
                out.write(part)
        out.truncate(bundle.size)


@pytest.mark.django_db
def test_a_large_bundle_goes_out_and_in_at_constant_memory(stick: Stick, tmp_path: Path) -> None:
    release = stick.published(content=zeros())
    path = tmp_path / "large.tar"
    tracemalloc.start()
    try:
        write_sparse(stick.bundle(release), path)
        _now, out_peak = tracemalloc.get_traced_memory()
        forget_the_origin()
        tracemalloc.reset_peak()
        with path.open("rb") as file:
            bundle = import_bundle(actor=stick.cast.actor("kari"), file=file)
        _now, in_peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > SIZE
    assert bundle.files.get().blob.size == SIZE
    assert out_peak < MOST_MEMORY
    assert in_peak < MOST_MEMORY


SLOW: Final = """
import sys, time
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[2]
from foundation.accounts.actors import SYSTEM
from releases.bundles.actions.import_bundle import import_bundle
def told(step, count):
    print(step, count, flush=True)
    time.sleep(0.05)
with open(sys.argv[1], "rb") as file:
    import_bundle(actor=SYSTEM, file=file, channel="fleet", progress=told)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_nothing_is_imported_and_it_can_be_run_again(stick: Stick, tmp_path: Path) -> None:
    path = stick.tar(stick.published(content=os.urandom(24 << 20)), tmp_path / "big.tar")
    forget_the_origin()
    values = connection.settings_dict
    url = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "rnd.settings"}
    command = [sys.executable, "-c", SLOW, str(path), str(settings.MEDIA_ROOT)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    deadline = time.monotonic() + 120
    told = ""
    while not told.startswith("fw.bin") and time.monotonic() < deadline and process.poll() is None:
        told = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    assert told.startswith("fw.bin")
    incoming = storage.path_of("artifacts/incoming")
    assert incoming is not None
    assert any(incoming.iterdir())  # what was under way; it is swept once it is a day old
    for model in (ImportedBundle, BundleFile, BundleSignature, Blob, Release):
        assert not model.objects.exists()
    with path.open("rb") as file:
        bundle = import_bundle(actor=stick.cast.actor("kari"), file=file, channel="fleet")
    assert bundle.files.get().blob.size == 24 << 20
