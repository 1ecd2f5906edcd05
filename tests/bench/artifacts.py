"""Files of releases in and out beside a plain copy plus sha256, and the memory that takes: `… .artifacts [MiB]`.

A sparse file of 2 GiB goes through the whole web application (authentication, rights, signatures, the API) as gunicorn
would call it: in by PUT, in by tus, out whole, and out by ranges of 64 MiB. The floor copies the same file with
1 MiB reads and computes its sha256 on the way, in the same run.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.bench import ground

CHUNK = 1 << 20


def main(mebibytes: int = 2048) -> None:
    """Measure with a file of that size."""
    with ground.database() as folder:
        measure(folder, mebibytes * CHUNK)


def measure(folder: Path, size: int) -> None:
    """Print each way beside its floor, and by how much the process grew meanwhile."""
    from releases.models import Release
    from tests.artifacts.world import World
    from tests.cast import assemble

    world = World(assemble())
    token = world.cast.token(world.cast.kari)
    release = world.draft()
    source = folder / "sparse.bin"
    with source.open("wb") as file:
        file.truncate(size)
        file.seek(size // 2)
        file.write(os.urandom(CHUNK))
    sys.stdout.write(f"{size / 1e9:.2f} GB\n")
    call = Caller(token)
    api = f"/api/v1/releases/{release.pk}"

    def put() -> None:
        with source.open("rb", buffering=0) as body:
            call("PUT", f"{api}/artifacts/put.bin", "hardware=quad-10/A", body=body, size=size, expect=201)

    def tus() -> None:
        values = {"Tus-Resumable": "1.0.0"}
        told = "filename dHVzLmJpbg==,hardware cXVhZC0xMC9B"
        headers = {**values, "Upload-Length": str(size), "Upload-Metadata": told}
        answer = call("POST", f"{api}/uploads/", expect=201, headers=headers)
        where = re.sub(r"^https?://[^/]+", "", answer["Location"])
        media = "application/offset+octet-stream"
        with source.open("rb", buffering=0) as body:
            headers = {**values, "Upload-Offset": "0"}
            call("PATCH", where, body=body, size=size, media=media, headers=headers, expect=204)

    def out() -> None:
        call("GET", f"{api}/files/put.bin", expect=200)

    def ranges() -> None:
        for first in range(0, size, 64 * CHUNK):
            last = min(size, first + 64 * CHUNK) - 1
            call("GET", f"{api}/files/put.bin", headers={"Range": f"bytes={first}-{last}"}, expect=206)

    def copy() -> None:
        copied(source, folder / "copy.bin")

    def read() -> None:
        copied(source, Path(os.devnull))

    floors = {"in": copy, "out": read}
    for name, way, work in (
        ("in by PUT", "in", put),
        ("in by tus, pieces of 8 MiB", "in", tus),
        ("out whole", "out", out),
        ("out in ranges of 64 MiB", "out", ranges),
    ):
        floor = ground.seconds(floors[way])
        before = grown_from()
        ours = ground.seconds(work)
        say(name, size, ours, min(floor, ground.seconds(floors[way])), peak() - before)
    assert Release.objects.get(pk=release.pk).artifacts.count() == 2


def say(name: str, size: int, ours: float, floor: float, grown: int) -> None:
    """Print one line."""
    rates = f"{size / ours / 1e6:,.0f} MB/s", f"{size / floor / 1e6:,.0f} MB/s"
    ground.say(name, *rates, f"{ours / floor:.1f} times, +{grown / 1e6:.0f} MB of memory")


def copied(source: Path, target: Path) -> str:
    """Copy in chunks of 1 MiB, made durable, and give the sha256 computed on the way."""
    digest = hashlib.sha256()
    with source.open("rb", buffering=0) as old, target.open("wb", buffering=0) as new:
        while chunk := old.read(CHUNK):
            digest.update(chunk)
            new.write(chunk)
        if target.is_file():
            os.fsync(new.fileno())
    return digest.hexdigest()


class Caller:
    """Calls the application as a server does, body and answer streamed."""

    def __init__(self, token: str) -> None:
        from django.core.wsgi import get_wsgi_application

        self.application: Callable[..., Any] = get_wsgi_application()
        self.token = token

    def __call__(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        body: Any = None,
        size: int = 0,
        media: str = "application/octet-stream",
        headers: dict[str, str] | None = None,
        expect: int,
    ) -> dict[str, str]:
        """Give the answer's headers; its body is read and dropped."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": body or BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "CONTENT_LENGTH": str(size),
            "CONTENT_TYPE": media,
            "HTTP_AUTHORIZATION": f"Bearer {self.token}",
        }
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
        told: dict[str, str] = {}

        def start(status: str, pairs: list[tuple[str, str]]) -> None:
            told.update(pairs, status=status)

        answer = self.application(environ, start)
        first = b"".join(_first(answer))
        assert told["status"].startswith(str(expect)), (told, first[:300])
        answer.close()
        return told


def _first(answer: Any) -> Iterator[bytes]:
    """Read the answer to its end; give the beginning, for a complaint."""
    for number, chunk in enumerate(answer):
        if number == 0:
            yield chunk[:300]


def grown_from() -> int:
    """Forget the peak so far and give the memory held now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def peak() -> int:
    """Give the most memory held since then, in bytes."""
    return _status("VmHWM")


def _status(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
