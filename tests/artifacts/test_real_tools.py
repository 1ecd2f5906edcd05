"""The commands that the pages offer, run as they stand by curl, minisign and sha256sum."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from foundation.accounts.actors import SYSTEM
from releases.artifacts import commands
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.actions.confirm_key import confirm_key
from releases.artifacts.actions.register_key import register_key
from releases.artifacts.models import Artifact
from releases.artifacts.queries import signed_state
from releases.models import Channel
from tests.artifacts.minisigning import RealSigner
from tests.artifacts.world import FIRMWARE, World

pytestmark = pytest.mark.django_db(transaction=True)
CHECK = "minisign -V -H -m SHA256SUMS -p team.pub && sha256sum -c --strict SHA256SUMS"


def shell(command: str, folder: Path, token: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TOKEN": token, "no_proxy": "*"}
    return subprocess.run(
        ["sh", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_way_from_a_build_script_to_a_check_in_the_field(
    world: World, minisign: str, live_server: Any, tmp_path: Path
) -> None:
    assert minisign
    release = world.draft()
    token = world.cast.token(world.cast.kari)
    api = f"{live_server.url}/api/v1/releases/{release.pk}"

    build = tmp_path / "build"
    build.mkdir()
    (build / "firmware.bin").write_bytes(FIRMWARE)
    sending = commands.sending(release, f"{api}/artifacts/").replace("platform/revision", "quad-10/A")
    sent = shell(sending, build, token)
    assert sent.returncode == 0, sent.stderr
    assert Artifact.objects.get().name == "firmware.bin"
    world.sealed(release)

    desk = tmp_path / "desk"
    signer = RealSigner.new(desk, "team")
    key = register_key(
        actor=SYSTEM,
        component=world.cast.autopilot,
        holder=world.cast.kari,
        public_key=signer.public_text,
        channels=["lab", "pilot", "fleet"],
    )
    confirm_key(actor=world.cast.actor("henrik"), key=key)
    offered = commands.signing(release, f"{api}/files/")
    fetched = shell(offered["fetch_command"], desk, token)
    assert fetched.returncode == 0, fetched.stderr
    assert shell("sha256sum -c --strict SHA256SUMS", desk).returncode == 0
    signed = shell(offered["sign_command"], desk)
    assert signed.returncode == 0, signed.stderr
    signature = add_signature(actor=SYSTEM, release=release, text=(desk / "SHA256SUMS.minisig").read_text())
    assert signature.trusted_comment == "autopilot 1.0"
    assert signed_state(release).is_signed_for(Channel.PILOT)

    field = tmp_path / "field"
    field.mkdir()
    fetch = offered["fetch_command"] + f'\ncurl -fLO -H "Authorization: Bearer $TOKEN" {api}/files/SHA256SUMS.minisig'
    assert shell(fetch, field, token).returncode == 0
    shutil.copy(desk / "team.pub", field)
    checked = shell(CHECK, field)
    assert checked.returncode == 0, checked.stderr
    assert "firmware.bin: OK" in checked.stdout
    assert "manifest.json: OK" in checked.stdout
    (field / "firmware.bin").write_bytes(FIRMWARE[:-1] + b"\0")
    assert shell(CHECK, field).returncode != 0
