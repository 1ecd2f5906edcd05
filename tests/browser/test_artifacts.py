"""The pages of files and signatures in a real browser: their looks, and the way of a file to a signed release."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from foundation.accounts.actors import SYSTEM
from releases.artifacts import storage
from releases.artifacts.actions.check_artifact import check_artifact
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.actions.set_compatibility import set_compatibility
from releases.artifacts.models import Artifact, Upload
from releases.artifacts.queries import signed_state
from releases.models import Channel
from tests.artifacts.world import World
from tests.browser.support import Watch, check_page, problems
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


def test_the_pages_of_files_and_signatures_look_right(cast: Cast, signed_in: SignedIn) -> None:
    world = World(cast)
    artifact = world.published()
    waiting = world.key("magnus", ["lab"], confirmed=False)
    revoke_key(actor=SYSTEM, key=world.key("solveig"), reason="The stick was lost on the train to Bergen.")
    set_compatibility(
        actor=SYSTEM,
        artifact=artifact,
        hardware=cast.rev_a,
        state="blocked",
        evidence="Hangs in the bootloader.",
        bootloader_to="1.3",
    )
    draft = world.draft("2.0")
    world.artifact(draft, os.urandom(70_000), "autopilot-quad10.bin")
    page = signed_in(cast.kari)
    base, next_base = "/releases/autopilot/1.0/", "/releases/autopilot/2.0/"
    check_page(page, f"{base}artifacts/", "artifacts-published", languages=("en", "uk", "nb"))
    check_page(page, f"{next_base}artifacts/", "artifacts-draft", languages=("en", "uk"))
    for name, url in {
        "artifacts-add": f"{next_base}artifacts/add/",
        "artifacts-matrix": f"{base}compatibility/",
        "artifacts-pair": f"{base}compatibility/{artifact.pk}/{cast.rev_a.pk}/",
        "keys": "/signing-keys/",
        "key-waiting": f"/signing-keys/{waiting.pk}/",
        "key-revoked": f"/signing-keys/{world.keys['solveig'].pk}/",
        "key-add": "/signing-keys/add/",
    }.items():
        check_page(page, url, name, languages=("en",))
    path = storage.path_of(artifact.blob.stored)
    assert path is not None
    path.write_bytes(b"changed" + path.read_bytes()[7:])
    check_artifact(actor=SYSTEM, artifact=artifact)
    for name, url in {"release-files": base, "release-files-draft": next_base}.items():
        page.goto(url)
        expect(page.get_by_role("heading", name="Files and signatures")).to_be_visible()
        check_page(page, url, name, languages=("en",))


def test_a_file_is_sent_sealed_and_signed(cast: Cast, signed_in: SignedIn, tmp_path: Path) -> None:
    world = World(cast)
    world.key("kari")
    release = world.draft()
    content = os.urandom(3_000_000)
    (tmp_path / "autopilot.bin").write_bytes(content)
    page = signed_in(cast.kari)
    page.goto(release.get_absolute_url())
    page.get_by_role("link", name="Sign step by step").click()
    page.get_by_role("link", name="Add a file").click()
    page.get_by_label("File").set_input_files(tmp_path / "autopilot.bin")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("at least one hardware revision")
    page.get_by_label("Quad 10 A").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Seal")).to_be_visible()
    assert Artifact.objects.get().blob.sha256 == hashlib.sha256(content).hexdigest()
    page.get_by_role("button", name="Seal").click()
    expect(page.locator("main")).to_contain_text("minisign -S -H")
    assert not problems(page)
    sums = bytes(world.sealed(release).sums)
    page.get_by_label("or its four lines").fill(world.signers["kari"].sign(sums))
    page.get_by_role("button", name="Check and keep the signature").click()
    expect(page.locator("main")).to_contain_text("The signature of Kari Lund is in order.")
    assert signed_state(release).is_signed_for(Channel.PILOT)
    assert not problems(page)


def test_an_upload_is_carried_on_after_the_connection_was_lost(
    cast: Cast, signed_in: SignedIn, watch: Watch, tmp_path: Path
) -> None:
    release = World(cast).draft()
    content = os.urandom(70_000_000)
    (tmp_path / "autopilot.bin").write_bytes(content)
    watch.expect_lost_connection()
    page = signed_in(cast.kari)
    page.goto(f"{release.get_absolute_url()}artifacts/add/")
    page.get_by_label("File").set_input_files(tmp_path / "autopilot.bin")
    page.get_by_label("Quad 10 A").check()
    broken: list[str] = []

    def break_the_second(route: Any) -> None:
        if len(broken) == 1:
            broken.append("gone")
            route.abort("connectionreset")
        else:
            broken.append("through")
            route.continue_()

    page.route("**/api/v1/uploads/**", break_the_second)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Seal")).to_have_count(1, timeout=60_000)
    assert "gone" in broken
    assert Artifact.objects.get().blob.sha256 == hashlib.sha256(content).hexdigest()
    assert Upload.objects.count() == 1


def test_a_refused_signature_says_why_on_its_field(cast: Cast, signed_in: SignedIn, watch: Watch) -> None:
    world = World(cast)
    world.key("kari")
    release = world.draft()
    world.artifact(release)
    sums = bytes(world.sealed(release).sums)
    watch.expect_errors(422)
    page = signed_in(cast.kari)
    page.goto(f"{release.get_absolute_url()}artifacts/")
    for text, reason in (
        (world.signers["kari"].sign(sums, legacy=True), "legacy format"),
        (world.signers["kari"].sign(sums + b"x"), "does not fit these files"),
    ):
        page.get_by_label("or its four lines").fill(text)
        page.get_by_role("button", name="Check and keep the signature").click()
        expect(page.locator(".field-errors, .form-errors").first).to_contain_text(reason)
    assert not problems(page)


def test_a_key_is_registered_by_one_and_confirmed_by_another(cast: Cast, signed_in: SignedIn) -> None:
    from tests.artifacts.minisigning import Signer

    signer = Signer.new()
    page = signed_in(cast.kari)
    page.goto("/signing-keys/add/")
    page.get_by_label("Public key").fill(signer.public_text)
    page.get_by_label("For the releases of").select_option(label="Autopilot")
    page.get_by_role("button", name="Register").click()
    expect(page.locator("main")).to_contain_text("somebody else has to confirm it")
    page = signed_in(cast.henrik)
    page.goto("/signing-keys/")
    page.get_by_role("link", name="Kari Lund").click()
    page.get_by_role("button", name="I compared it: it is theirs").click()
    expect(page.locator("main")).to_contain_text("counts from now on")
    assert not problems(page)
