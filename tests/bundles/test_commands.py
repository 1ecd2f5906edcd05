"""The commands an operator has: a bundle out, a bundle in, receipts in."""

from __future__ import annotations

import hashlib
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from releases.actions.withdraw_release import withdraw_release
from releases.bundles.models import ImportedBundle, Receipt
from releases.models import Installation
from tests.bundles.site import forget_the_origin
from tests.bundles.world import Stick

pytestmark = pytest.mark.django_db
LINE = "team: north\ncomponent: autopilot\nversion: 1.0\nhardware: A\ninstalled_at: 2026-03-01\n"


def run(*command: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*command, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_bundle_is_written_and_taken_in_elsewhere(stick: Stick, tmp_path: Path) -> None:
    stick.published()
    out, err = run("make_bundle", "autopilot", "1.0", "--out", str(tmp_path), "--team", "north", "--json")
    told = json.loads(out)
    path = tmp_path / "autopilot-1.0.tar"
    assert told["file"] == str(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == told["sha256"]
    assert "writing autopilot-1.0.tar" in err
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []
    forget_the_origin()
    out, err = run("import_bundle", str(path), "--channel", "fleet")
    assert "Autopilot 1.0 (number 1" in out
    assert "fw.bin" in err
    assert json.loads(run("import_bundle", str(path), "--json")[0])["id"] == ImportedBundle.objects.get().pk


def test_refusals_are_one_clear_line(stick: Stick, tmp_path: Path) -> None:
    release = stick.published()
    with pytest.raises(CommandError, match="There is no release 9"):
        run("make_bundle", "autopilot", "9", "--out", str(tmp_path))
    with pytest.raises(CommandError, match="east"):
        run("make_bundle", "autopilot", "1.0", "--out", str(tmp_path), "--team", "east")
    with pytest.raises(CommandError, match="cannot be written"):
        run("make_bundle", "autopilot", "1.0", "--out", str(tmp_path / "nowhere" / "x.tar"))
    withdraw_release(actor=stick.cast.actor("kari"), release=release, reason="Drifts in wind.")
    with pytest.raises(CommandError, match="Drifts in wind"):
        run("make_bundle", "autopilot", "1.0", "--out", str(tmp_path))
    assert not list(tmp_path.glob("*.tar"))
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_bundle", str(tmp_path / "nowhere.tar"))
    (tmp_path / "bad.tar").write_bytes(b"no archive" * 100)
    with pytest.raises(CommandError, match="it is not a tar archive"):
        run("import_bundle", str(tmp_path / "bad.tar"))


def test_receipts_are_taken_in_and_what_is_refused_is_told(stick: Stick, tmp_path: Path) -> None:
    stick.published()
    path = tmp_path / "receipts.txt"
    path.write_text(LINE)
    assert json.loads(run("take_receipts", str(path), "--json")[0]) == {
        "taken": 1, "kept": 0, "known": 0, "refused": [],
    }  # fmt: skip
    assert json.loads(run("take_receipts", str(path), "--json")[0])["known"] == 1
    path.write_text(f"{LINE}---\n{LINE.replace('1.0', '7')}")
    with pytest.raises(CommandError, match="1 of 2 receipts were refused"):
        run("take_receipts", str(path))
    assert Installation.objects.count() == 1
    assert Receipt.objects.filter(state="refused").get().raw.splitlines()[2] == "version: 7"
