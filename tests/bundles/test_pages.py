"""The pages and the API of sticks."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.journal.models import Entry
from releases.actions.withdraw_release import withdraw_release
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.models import ImportedBundle, Receipt
from releases.models import Installation, Release
from tests.bundles.site import forget_the_origin
from tests.bundles.world import FIRMWARE, Stick

pytestmark = pytest.mark.django_db
DOWNLOAD = "/releases/autopilot/1.0/bundle/download/"


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a streamed answer


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content
    return response.content.decode()


@pytest.fixture
def away(stick: Stick) -> ImportedBundle:
    """An imported bundle of 1.0 at a site that has no repository."""
    content = stick.tar(stick.published()).read_bytes()
    forget_the_origin()
    return import_bundle(actor=stick.cast.actor("kari"), file=io.BytesIO(content), channel="fleet")


def test_the_panel_offers_the_bundle_or_says_why_not(
    stick: Stick, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    release = stick.published()
    olena, kari = stick.cast.client_of("olena"), stick.cast.client_of("kari")
    page(olena, "/releases/autopilot/1.0/bundle/")
    with django_assert_max_num_queries(34):
        told = page(olena, "/releases/autopilot/1.0/bundle/")
    assert "Take the bundle" in told
    assert 'value="north"' in told
    withdraw_release(actor=stick.cast.actor("kari"), release=release, reason="Drifts in wind.")
    for client in (olena, kari):
        told = page(client, "/releases/autopilot/1.0/bundle/")
        assert "Drifts in wind." in told
        assert "Take the bundle" not in told


def test_the_download_is_streamed_resumed_and_journalled_once(stick: Stick) -> None:
    whole = stick.tar(stick.published()).read_bytes()
    client = stick.cast.client_of("olena")
    response = client.get(DOWNLOAD)
    assert response.streaming
    assert body(response) == whole
    assert response["Content-Length"] == str(len(whole))
    assert response["Content-Disposition"] == 'attachment; filename="autopilot-1.0.tar"'
    rest = client.get(DOWNLOAD, headers={"Range": "bytes=5000-", "If-Range": response["ETag"]})
    assert rest.status_code == 206
    assert body(rest) == whole[5000:]
    assert client.get(DOWNLOAD, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.head(DOWNLOAD)["Content-Length"] == str(len(whole))
    assert client.get(DOWNLOAD, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert Entry.objects.filter(kind="bundle.made").count() == 1


def test_the_api_gives_the_same_bytes_and_refuses_with_the_reason(stick: Stick) -> None:
    release = stick.published()
    url = f"/api/v1/releases/{release.pk}/bundle/"
    client = stick.cast.api_client_of("olena")
    assert body(client.get(url)) == stick.tar(release).read_bytes()
    assert client.get(url, {"team": "east"}).json()["code"] == "bundle.not_received"
    assert stick.cast.api_client_of("stepan").get(url).json()["code"] == "artifact.not_received"
    withdraw_release(actor=stick.cast.actor("kari"), release=release, reason="Drifts in wind.")
    answer = client.get(url)
    assert (answer.status_code, answer.json()["code"]) == (409, "release.withdrawn")


def test_a_bundle_is_taken_in_by_its_page(stick: Stick) -> None:
    content = stick.tar(stick.published()).read_bytes()
    forget_the_origin()
    client = stick.cast.client_of("kari")
    assert "What is checked" in page(client, "/sticks/import/")
    file = SimpleUploadedFile("autopilot-1.0.tar", content)
    response = client.post("/sticks/import/", {"file": file, "channel": "fleet"}, follow=True)
    assert "is checked and taken in" in response.content.decode()
    file = SimpleUploadedFile("autopilot-1.0.tar", content[:9000])
    response = client.post("/sticks/import/", {"file": file, "channel": "fleet"})
    assert response.status_code == 422
    assert "The bundle is cut off" in response.content.decode()


def test_a_bundle_is_taken_in_and_let_out_by_the_api(
    stick: Stick, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    content = stick.tar(stick.published()).read_bytes()
    forget_the_origin()
    kari = stick.cast.api_client_of("kari")
    cut = kari.post("/api/v1/bundles/", content[:9000], content_type="application/x-tar")
    assert (cut.status_code, cut.json()["code"]) == (422, "archive.truncated")
    assert "cut off" in cut.json()["detail"]
    assert kari.post("/api/v1/bundles/", {}, content_type="application/json").status_code == 415
    wrong = kari.post("/api/v1/bundles/?channel=moon", content, content_type="application/x-tar")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bundle.channel")
    assert not ImportedBundle.objects.exists()
    came = kari.post("/api/v1/bundles/", content, content_type="application/x-tar")
    assert came.status_code == 201, came.content
    again = kari.post("/api/v1/bundles/", content, content_type="application/x-tar")
    assert again.json() == came.json(), "The very same again is the same bundle."
    address = came["Location"]
    bundle = came.json()
    assert (bundle["version"], bundle["channel"], bundle["release"]) == ("1.0", "", None)
    assert [file["name"] for file in bundle["files"]] == ["fw.bin"]
    assert bundle["files"][0]["hardware"] == ["quad-10/A"]
    assert len(bundle["keys"]) == 2
    olena = stick.cast.api_client_of("olena")
    assert olena.get(address).status_code == 404
    out = kari.post(f"{address}let-out/", {"channel": "fleet"}, content_type="application/json")
    assert out.json()["channel"] == "fleet"
    assert olena.get(address).json() == out.json()
    with django_assert_max_num_queries(9):
        assert olena.get("/api/v1/bundles/").json()["results"] == [out.json()]
    assert olena.post("/api/v1/bundles/", content, content_type="application/x-tar").status_code == 403


def test_a_team_takes_the_files_and_reports_from_the_bundles_page(
    stick: Stick, away: ImportedBundle, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = stick.cast.client_of("olena")
    page(client, away.get_absolute_url())
    with django_assert_max_num_queries(26):
        told = page(client, away.get_absolute_url())
    assert "Holds its height" in told
    assert body(client.get(f"{away.get_absolute_url()}files/fw.bin")) == FIRMWARE
    sums = client.get(f"{away.get_absolute_url()}files/SHA256SUMS").content
    assert b"fw.bin" in sums
    form = {"team": stick.cast.north.pk, "hardware": stick.cast.rev_a.pk, "ticket": "FB-1", "verdict": "fixed"}
    sent = {**form, "receipt": "7a3f2f0e-5f0a-4f2e-9a51-2c9a0c7b1d11", "installed_at": "2026-03-01T14:30"}
    for _time in range(2):
        assert client.post(f"{away.get_absolute_url()}installed/", sent).status_code == 302
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.ticket, receipt.verdict) == ("kept", "FB-1", "fixed")
    wrong = client.post(f"{away.get_absolute_url()}installed/", {**sent, "receipt": "", "ticket": ""})
    assert wrong.status_code == 422
    carried = json.loads(client.get("/sticks/receipts/kept/").content)
    assert carried["receipt"] == "7a3f2f0e-5f0a-4f2e-9a51-2c9a0c7b1d11"


def test_a_team_that_does_not_receive_it_sees_no_bundle(stick: Stick, away: ImportedBundle) -> None:
    page(stick.cast.client_of("stepan"), away.get_absolute_url(), 404)
    client = stick.cast.client_of("kari")
    client.post(f"{away.get_absolute_url()}channel/", {"channel": ""})
    page(stick.cast.client_of("olena"), away.get_absolute_url(), 404)
    assert Entry.objects.filter(kind="bundle.let_out").get().data == {"channel": ""}


def test_receipts_are_taken_in_by_their_page(
    stick: Stick, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    stick.published()
    client = stick.cast.client_of("olena")
    good = b"team: north\ncomponent: autopilot\nversion: 1.0\nhardware: A\ninstalled_at: 2026-03-01 10:00\n"
    response = client.post("/sticks/receipts/", {"file": SimpleUploadedFile("r.txt", good)}, follow=True)
    assert "1 receipt is taken in." in response.content.decode()
    response = client.post("/sticks/receipts/", {"file": SimpleUploadedFile("r.txt", good)}, follow=True)
    assert "1 had come before." in response.content.decode()
    mixed = good + b"---\nteam: north\ncomponent: autopilot\nversion: 7\n"
    response = client.post("/sticks/receipts/", {"file": SimpleUploadedFile("r.txt", mixed)})
    assert response.status_code == 422
    told = response.content.decode()
    assert "could not be taken in; the others were" in told
    assert "“7”" in told
    assert Installation.objects.count() == 1
    with django_assert_max_num_queries(12):
        assert "Autopilot 1.0" in page(client, "/sticks/receipts/")


def test_receipts_are_taken_in_by_the_api(stick: Stick, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    stick.published()
    client = stick.cast.api_client_of("olena")
    line = {"team": "north", "component": "autopilot", "version": "1.0", "hardware": "A", "installed_at": "2026-03-01"}
    content = f"{json.dumps(line)}\n{json.dumps(line | {'hardware': 'Z'})}\n"
    response = client.post("/api/v1/receipts/", {"content": content}, content_type="application/json")
    assert response.status_code == 200, response.content
    answer = response.json()
    assert [one["state"] for one in answer["receipts"]] == ["taken", "refused"]
    with django_assert_max_num_queries(8):
        assert len(client.get("/api/v1/receipts/").json()["results"]) == 2


def test_the_list_asks_as_much_for_many_as_for_one(
    stick: Stick, away: ImportedBundle, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = stick.cast.client_of("kari")
    assert str(away) in page(client, "/sticks/")
    with django_assert_max_num_queries(10):
        page(client, "/sticks/")
    assert not Release.objects.exists()
