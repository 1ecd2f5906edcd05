"""Signing for tests: by the real minisign where it is installed, and by the same format written here where not."""

from __future__ import annotations

import base64
import hashlib
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True)
class Signer:
    """A pair of keys that signs as minisign does. Fast, and there without the program."""

    private: Ed25519PrivateKey
    key_id: bytes

    @classmethod
    def new(cls) -> Signer:
        """Make a pair."""
        return cls(Ed25519PrivateKey.generate(), secrets.token_bytes(8))

    @property
    def public_text(self) -> str:
        """What stands in minisign.pub."""
        point = self.private.public_key().public_bytes_raw()
        line = base64.b64encode(b"Ed" + self.key_id + point).decode()
        return f"untrusted comment: minisign public key {self.name}\n{line}\n"

    @property
    def name(self) -> str:
        """The key's 16 digits."""
        return self.key_id[::-1].hex().upper()

    def sign(self, content: bytes, comment: str = "timestamp:0", *, legacy: bool = False) -> str:
        """Give the `.minisig`."""
        signed = content if legacy else hashlib.blake2b(content, digest_size=64).digest()
        signature = self.private.sign(signed)
        whole = self.private.sign(signature + comment.encode())
        first = base64.b64encode((b"Ed" if legacy else b"ED") + self.key_id + signature).decode()
        return (
            f"untrusted comment: signature\n{first}\ntrusted comment: {comment}\n{base64.b64encode(whole).decode()}\n"
        )


@dataclass(frozen=True)
class RealSigner:
    """A pair of keys in a folder, made and used by the program."""

    folder: Path
    name: str

    @classmethod
    def new(cls, folder: Path, name: str) -> RealSigner:
        """Make a pair without a password."""
        folder.mkdir(parents=True, exist_ok=True)
        run("-G", "-W", "-p", f"{name}.pub", "-s", f"{name}.key", cwd=folder)
        return cls(folder, name)

    @property
    def public_text(self) -> str:
        """What stands in the public file."""
        return (self.folder / f"{self.name}.pub").read_text()

    def sign(self, content: bytes, comment: str = "test", *options: str) -> str:
        """Give the `.minisig` over these bytes."""
        (self.folder / "SHA256SUMS").write_bytes(content)
        signature = f"{self.name}.minisig"
        run(
            "-S",
            *options,
            "-s",
            f"{self.name}.key",
            "-m",
            "SHA256SUMS",
            "-x",
            signature,
            "-t",
            comment,
            cwd=self.folder,
        )
        return (self.folder / signature).read_text()


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run minisign; raises CalledProcessError with what it said."""
    return subprocess.run(
        ["minisign", *arguments], cwd=cwd, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
