"""A published, signed release with real keys, made through the actions, and the tools a stick is checked with."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from foundation.accounts.actors import SYSTEM
from releases.actions.approve_release import approve_release
from releases.actions.edit_notes import edit_notes
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.subscribe_team import subscribe_team
from releases.artifacts.actions.add_artifact import add_artifact
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.actions.confirm_key import confirm_key
from releases.artifacts.actions.register_key import register_key
from releases.artifacts.actions.seal_manifest import seal_manifest
from releases.artifacts.actions.set_compatibility import set_compatibility
from releases.artifacts.models import Blob, SigningKey
from releases.bundles.making import bundle_of
from releases.bundles.plan import Bundle
from releases.models import Channel, Release
from tests.artifacts import program
from tests.cast import Cast
from tests.releases import api_world

FIRMWARE: Final = b"\x7fELF firmware " * 1000


def need_minisign() -> None:
    """Skip the test, loudly, where the tool is missing."""
    if program.executable() is None:
        pytest.skip(program.MISSING)


@dataclass(slots=True)
class Signer:
    """Somebody with a private key in a folder of their own."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.run("minisign", "-G", "-W", "-p", "team.pub", "-s", "team.key")

    @property
    def public(self) -> Path:
        """The public key's file."""
        return self.folder / "team.pub"

    def run(self, *command: str) -> str:
        """Run a tool here, and give what it printed."""
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout

    def sign(self, content: bytes, *more: str) -> str:
        """Give the `.minisig` over these bytes."""
        (self.folder / "SHA256SUMS").write_bytes(content)
        self.run("minisign", "-S", "-s", "team.key", "-m", "SHA256SUMS", *(more or ("-H",)))
        return (self.folder / "SHA256SUMS.minisig").read_text()


@dataclass(slots=True)
class Stick:
    """The world of the tests: two signers, and releases made of one firmware each."""

    cast: Cast
    folder: Path
    kari: Signer = field(init=False)
    henrik: Signer = field(init=False)
    keys: dict[str, SigningKey] = field(init=False)

    def __post_init__(self) -> None:
        need_minisign()
        self.kari, self.henrik = Signer(self.folder / "kari"), Signer(self.folder / "henrik")
        self.keys = {name: self._key(name) for name in ("kari", "henrik")}

    def signer(self, name: str) -> Signer:
        """Give Kari's or Henrik's tools."""
        return self.kari if name == "kari" else self.henrik

    def _key(self, name: str) -> SigningKey:
        key = register_key(
            actor=self.cast.actor("kari"),
            component=self.cast.autopilot,
            public_key=self.signer(name).public.read_text(),
            holder=self.cast.users[name],
            channels=Channel.values,
        )
        return confirm_key(actor=self.cast.actor("arne"), key=key)

    def candidate(
        self,
        version: str = "1.0",
        *,
        content: bytes | Iterable[bytes] = FIRMWARE,
        name: str = "fw.bin",
        joined: bool = False,
    ) -> Release:
        """Give a draft with a firmware for revision A; `joined`: 1.0, built from the bootloader too."""
        release = api_world.joined(self.cast) if joined else api_world.draft(self.cast, version)
        artifact = add_artifact(
            actor=self.cast.actor("kari"),
            release=release,
            name=name,
            hardware=[self.cast.rev_a.pk],
            content=[content] if isinstance(content, bytes) else content,
        )
        set_compatibility(
            actor=self.cast.actor("kari"),
            artifact=artifact,
            hardware=self.cast.rev_a,
            state="supported",
            evidence="Flown.",
        )
        return release

    def signed(self, version: str = "1.0", *, by: Sequence[str] = ("kari", "henrik"), **more: object) -> Release:
        """Give a draft that these have signed."""
        release = self.candidate(version, **more)  # type: ignore[arg-type]  # passed on as given
        manifest = seal_manifest(actor=self.cast.actor("kari"), release=release)
        for name in by:
            text = self.signer(name).sign(bytes(manifest.sums))
            add_signature(actor=self.cast.actor("kari"), release=release, text=text)
        return release

    def published(self, version: str = "1.0", *, channel: str = "fleet", **more: object) -> Release:
        """Give a release that is out; North receives the fleet's."""
        release = self.signed(version, **more)  # type: ignore[arg-type]  # passed on as given
        edit_notes(actor=self.cast.actor("kari"), release=release, notes="- Holds its height in the cold (FB-1)")
        release = propose_release(actor=self.cast.actor("kari"), release=release)
        release = approve_release(actor=self.cast.actor("henrik"), release=release)
        subscribe_team(actor=SYSTEM, team=self.cast.north, component=self.cast.autopilot, channel="fleet")
        return publish_release(actor=self.cast.actor("kari"), release=release, channel=channel)

    def bundle(self, release: Release, who: str = "olena") -> Bundle:
        """Give the bundle for North."""
        return bundle_of(self.cast.actor(who), release, self.cast.north)

    def tar(self, release: Release, path: Path | None = None) -> Path:
        """Write the bundle for North into a file."""
        path = path or self.folder / f"{release.version}.tar"
        with path.open("wb") as out:
            for part in self.bundle(release).read():
                out.write(part)
        return path


def offline(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell command without a network: cut off by the kernel as root, and without any way out else."""
    cut_off = ["unshare", "-n"] if os.geteuid() == 0 and shutil.which("unshare") else []
    if cut_off and subprocess.run([*cut_off, "true"], capture_output=True, check=False).returncode != 0:
        cut_off = []
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "http_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        [*cut_off, "sh", "-c", command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def forget_stored(sha256: str) -> Blob:
    """Give the stored file of that digest."""
    return Blob.objects.get(sha256=sha256)


def digest(content: bytes) -> str:
    """Give the sha256."""
    return hashlib.sha256(content).hexdigest()
