"""Uploads for tests: begun, sent in parts that end where they should not, and what is left of them in the storage."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings

from foundation.accounts.actors import SYSTEM
from releases.artifacts.actions.start_upload import start_upload
from releases.artifacts.models import Upload
from tests.artifacts.world import World

# Pieces as large as in earnest would only make the tests slow.
PIECE: Final = 1 << 20
TUS: Final = {"Tus-Resumable": "1.0.0"}
BIG: Final = os.urandom(2 * PIECE + 1234)


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
    root = settings.MEDIA_ROOT / "artifacts"
    return [str(path) for path in root.rglob("*") if path.is_file() and "sha256" not in path.parts]
