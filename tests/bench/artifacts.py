"""Files of releases in and out beside a plain copy plus sha256, and the memory that takes: `… .artifacts [MiB]`.

A sparse file of 2 GiB goes through the whole web application (authentication, rights, signatures, the API) as gunicorn
would call it: in by PUT, in by tus at once and in parts, out whole, and out by ranges of 64 MiB. The floor copies the
same file with 1 MiB reads and computes its sha256 on the way, in the same run.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.bench import ground
from tests.bench.costs import Cost, cost

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
    release = world.draft()
    source = folder / "sparse.bin"
    with source.open("wb") as file:
        file.truncate(size)
        file.seek(size // 2)
        file.write(os.urandom(CHUNK))
    sys.stdout.write(f"{size / 1e9:.2f} GB, load {os.getloadavg()[0]:.1f}\n")
    ways = Ways(Caller(world.cast.token(world.cast.kari)), f"/api/v1/releases/{release.pk}", source, size)

    def copy() -> str:
        return copied(source, folder / "copy.bin")

    def read() -> str:
        return copied(source, Path(os.devnull))

    def renew() -> None:
        """Let nothing lie there already, neither bytes nor the memory that they take: both find the same."""
        with source.open("r+b") as file:
            file.write(os.urandom(CHUNK))
        for there in [folder / "copy.bin", *folder.rglob("artifacts/sha256/*/*")]:
            there.unlink(missing_ok=True)

    ways.look()
    copy()
    compare("in by tus, in one request", size, lambda: ways.tus("one.bin", size), copy, renew)
    compare("in by tus, 64 MiB a request", size, lambda: ways.tus("many.bin", 64 * CHUNK), copy, renew)
    compare("in by PUT", size, ways.put, copy, renew)
    compare("out whole", size, ways.out, read, lambda: None)
    compare("out in ranges of 64 MiB", size, ways.ranges, read, lambda: None)
    assert Release.objects.get(pk=release.pk).artifacts.count() == 3


@dataclass(frozen=True, slots=True)
class Ways:
    """Each way in and out of the API at `api`, for the file `source` of `size` bytes."""

    call: Caller
    api: str
    source: Path
    size: int

    def look(self) -> None:
        """Ask for something small: what a process loads with its first request is no part of any way."""
        self.call("GET", f"{self.api}/artifacts/", expect=200)

    def put(self) -> None:
        with self.source.open("rb", buffering=0) as body:
            path = f"{self.api}/artifacts/put.bin"
            self.call("PUT", path, "hardware=quad-10/A", body=body, size=self.size, expect=201)

    def tus(self, name: str, most: int) -> None:
        values = {"Tus-Resumable": "1.0.0"}
        told = f"filename {base64.b64encode(name.encode()).decode()},hardware cXVhZC0xMC9B"
        headers = {**values, "Upload-Length": str(self.size), "Upload-Metadata": told}
        answer = self.call("POST", f"{self.api}/uploads/", expect=201, headers=headers)
        where = re.sub(r"^https?://[^/]+", "", answer["Location"])
        media = "application/offset+octet-stream"
        with self.source.open("rb", buffering=0) as body:
            for first in range(0, self.size, most):
                headers = {**values, "Upload-Offset": str(first)}
                part = min(most, self.size - first)
                self.call("PATCH", where, body=body, size=part, media=media, headers=headers, expect=204)

    def out(self) -> None:
        self.call("GET", f"{self.api}/files/put.bin", expect=200)

    def ranges(self) -> None:
        for first in range(0, self.size, 64 * CHUNK):
            last = min(self.size, first + 64 * CHUNK) - 1
            self.call("GET", f"{self.api}/files/put.bin", headers={"Range": f"bytes={first}-{last}"}, expect=206)


def compare(name: str, size: int, work: Callable[[], Any], floor: Callable[[], Any], renew: Callable[[], None]) -> None:
    """Run the floor, ours, and the floor, and print ours beside the floor's mean; ours lies there afterwards."""
    renew()
    before = cost(floor).wall
    renew()
    start = grown_from()
    ours = cost(work)
    grown = peak() - start
    kept = before + cost(floor).wall
    say(name, size, ours, kept / 2, grown)


def say(name: str, size: int, ours: Cost, floor: float, grown: int) -> None:
    """Print one line."""
    rates = f"{size / ours.wall / 1e6:,.0f} MB/s", f"{size / floor / 1e6:,.0f} MB/s"
    ground.say(name, *rates, f"{ours.wall / floor:.1f} times, +{grown / 1e6:.0f} MB of memory; {ours}")


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
