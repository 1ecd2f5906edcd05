"""The pages and lists of files, signatures and keys: what they show, and how many queries they take."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.accounts.actors import SYSTEM
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.models import Compatibility, Sbom
from tests.artifacts.minisigning import Signer
from tests.artifacts.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["artifacts/panel/", "artifacts/", "compatibility/", "artifacts/add/"])
def test_a_page_takes_as_many_queries_for_six_files_as_for_one(
    world: World, page: str, django_assert_max_num_queries: Any
) -> None:
    world.key("kari")
    release = world.draft()
    for number in range(6):
        world.supported(world.artifact(release, bytes([number]) * 9, f"file-{number}.bin"))
    world.sign(release, "kari")
    client = world.cast.client_of("kari")
    client.get("/releases/")
    with django_assert_max_num_queries(30):
        assert client.get(f"{release.get_absolute_url()}{page}").status_code == 200


def test_the_page_of_keys_takes_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for holder in ("kari", "henrik", "magnus", "solveig"):
        world.key(holder, confirmed=holder != "magnus")
    client = world.cast.client_of("kari")
    client.get("/releases/")
    with django_assert_max_num_queries(8):
        page = client.get("/signing-keys/").content.decode()
    assert page.index("Magnus Berg") < page.index("Henrik Vik")  # who waits stands first
    with django_assert_max_num_queries(14):
        assert client.get(f"/signing-keys/{world.keys['kari'].pk}/").status_code == 200


@pytest.mark.parametrize("route", ["artifacts/", "signatures/", "compatibility/", "manifest/"])
def test_a_list_of_the_api_takes_few_queries(world: World, route: str, django_assert_max_num_queries: Any) -> None:
    artifact = world.published(channel="pilot")
    client = world.cast.api_client_of("magnus")
    with django_assert_max_num_queries(18):
        assert client.get(f"/api/v1/releases/{artifact.release_id}/{route}").status_code == 200
    with django_assert_max_num_queries(8):
        assert client.get("/api/v1/signing-keys/").status_code == 200


def test_the_panel_says_what_the_rule_is_where_there_are_no_files(world: World) -> None:
    release = world.draft()
    client = world.cast.client_of("kari")
    address = f"{release.get_absolute_url()}artifacts/panel/"
    assert "ships commits only" in client.get(address).content.decode()
    world.key("kari")
    assert "cannot be published before it has some" in client.get(address).content.decode()


def test_the_panel_says_who_signed_and_what_is_missing(world: World) -> None:
    artifact = world.published(channel="pilot")
    revoke_key(actor=SYSTEM, key=world.keys["henrik"], reason="Stolen in Kyiv.")
    panel = world.cast.client_of("kari").get(f"{artifact.release.get_absolute_url()}artifacts/panel/").content.decode()
    assert "Kari Lund" in panel
    assert "Stolen in Kyiv." in panel
    assert "2 different holders" in panel
    assert artifact.blob.sha256[:12] in panel
    team = world.cast.client_of("olena").get(f"{artifact.release.get_absolute_url()}artifacts/panel/").content.decode()
    assert "Before it can be published" not in team


def test_the_refusal_of_a_signature_stands_on_its_field(world: World) -> None:
    world.key("kari")
    release = world.draft()
    world.artifact(release)
    sums = bytes(world.sealed(release).sums)
    client = world.cast.client_of("kari")
    address = f"{release.get_absolute_url()}artifacts/sign/"
    stranger = Signer.new()
    for text, reason in (
        ("nonsense", "This is no minisign signature."),
        (world.signers["kari"].sign(sums, legacy=True), "legacy format"),
        (world.signers["kari"].sign(sums[:-1]), "does not fit these files"),
        (stranger.sign(sums), f"No key {stranger.name} is registered"),
    ):
        answer = client.post(address, {"text": text})
        assert answer.status_code == 422
        assert reason in answer.content.decode()
    waiting = world.key("henrik", confirmed=False)
    answer = client.post(address, {"text": world.signers["henrik"].sign(sums)})
    assert f"The key {waiting.key_id} waits for somebody else" in answer.content.decode()


def test_a_bill_of_materials_is_checked_and_used(world: World) -> None:
    release = world.draft("1.0")
    world.artifact(release)
    client = world.cast.api_client_of("magnus")
    bill = (
        b'{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": '
        b'{"type": "firmware", "name": "autopilot", "version": "1.0"}}, "components": '
        b'[{"type": "library", "name": "FreeRTOS", "version": "10.5"}]}'
    )
    address = f"/api/v1/releases/{release.pk}/sbom/"
    refused = client.put(address, bill.replace(b'"firmware"', b'"device"'), content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "sbom.type")
    kept = client.put(address, bill, content_type="application/vnd.cyclonedx+json")
    assert (kept.status_code, kept.json()["components_count"]) == (200, 1)
    world.sealed(release)
    response: Any = client.get(f"/api/v1/releases/{release.pk}/files/sbom.cdx.json")
    assert response.content == bill
    again = client.put(address, bill, content_type="application/json")
    assert again.status_code == 200
    assert Sbom.objects.filter(replaced_at=None).count() == 1
    assert client.get(f"/api/v1/releases/{release.pk}/files/sbom.cdx.json").status_code == 404


def test_a_statement_replaces_the_one_about_the_same(world: World) -> None:
    release = world.draft()
    artifact = world.artifact(release)
    client = world.cast.api_client_of("magnus")
    address = f"/api/v1/releases/{release.pk}/compatibility/"

    def say(status: int = 201, **values: object) -> Any:
        body = {"artifact": artifact.name, "hardware": "quad-10/A", **values}
        response = client.post(address, body, content_type="application/json")
        assert response.status_code == status, response.content
        return response.json()

    assert say(422, state="supported")["code"] == "compatibility.evidence_missing"
    assert say(422, state="supported", evidence="Flown.", hardware="quad-10/B")["code"] == "compatibility.hardware"
    assert say(422, state="blocked", evidence_url="ftp://x")["code"] == "compatibility.url"
    assert say(422, state="blocked", evidence="x", companion="radio")["code"] == "compatibility.companion"
    say(state="blocked", evidence="Boot loop.")
    say(state="supported", evidence="Fixed by 1.0.1.")
    say(state="blocked", evidence="Hangs.", bootloader_to="1.3", companion="radio", companion_versions="< 2")
    assert Compatibility.objects.count() == 3
    rows = client.get(address).json()["results"]
    assert {(row["state"], row["bootloader_to"]) for row in rows} == {("supported", ""), ("blocked", "1.3")}
    page = world.cast.client_of("kari").get(f"{release.get_absolute_url()}compatibility/").content.decode()
    assert "bootloader up to 1.3, Radio link &lt; 2" in page
