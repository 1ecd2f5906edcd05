"""Uploads: photos lose what the camera wrote in, and everything else is what it says it is."""

import io

import pytest
from PIL import Image

from foundation.kit import uploads
from foundation.kit.errors import Invalid

GPS_TAG = 0x8825


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", orientation: int = 1) -> bytes:
    picture = Image.new(mode, size)
    exif = Image.Exif()
    exif[0x010F] = "Maker of cameras"
    exif[0x0112] = orientation
    exif.get_ifd(GPS_TAG)[2] = (50.0, 27.0, 0.0)
    target = io.BytesIO()
    picture.save(target, format=kind, exif=exif)
    return target.getvalue()


def clean(data: bytes, name: str) -> uploads.Cleaned:
    return uploads.clean(io.BytesIO(data), name)


@pytest.mark.parametrize(
    ("kind", "media_type", "suffix"),
    [("JPEG", "image/jpeg", ".jpg"), ("PNG", "image/png", ".png"), ("WEBP", "image/webp", ".webp")],
)
def test_a_photo_loses_position_and_camera(kind: str, media_type: str, suffix: str) -> None:
    cleaned = clean(photo(kind), "antenna.jpeg")
    assert (cleaned.media_type, cleaned.name) == (media_type, f"antenna{suffix}")
    stored = cleaned.content.read()
    assert b"Maker of cameras" not in stored
    with Image.open(io.BytesIO(stored)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.size == (40, 20)


def test_a_photo_taken_sideways_stands_upright_without_its_mark() -> None:
    with Image.open(clean(photo(orientation=6), "a.jpg").content) as picture:
        assert picture.size == (20, 40)


def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(clean(photo(size=(5000, 100)), "a.jpg").content) as picture:
        assert picture.size == (4096, 82)


def test_transparency_is_kept() -> None:
    with Image.open(clean(photo("PNG", mode="RGBA"), "a.png").content) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "upload.not_a_photo"),
        (photo()[:200], "a.jpg", "upload.not_a_photo"),
        (b"GIF89a", "a.gif", "upload.type_refused"),
        (b"<script>", "a.html", "upload.type_refused"),
        (b"MZ", "a.exe", "upload.type_refused"),
        (b"no suffix", "a", "upload.type_refused"),
        (b"", "a.txt", "upload.empty"),
        (b"\xff\xfe\x00", "a.txt", "upload.not_text"),
        (b"a\x00b", "a.log", "upload.not_text"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_name(data: bytes, name: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean(data, name)
    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert name in refusal.value.message


def test_too_much_is_refused_without_being_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "TEXT_LIMIT", 10)
    with pytest.raises(Invalid, match="larger than"):
        clean(b"x" * 11, "a.log")


def test_a_picture_that_unpacks_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PIXEL_LIMIT", 100)
    with pytest.raises(Invalid, match="40 × 20 pixels"):
        clean(photo(), "a.jpg")


def test_a_log_keeps_its_words() -> None:
    cleaned = clean("\ufeffвтрачено".encode(), "flight.log")
    assert (cleaned.media_type, cleaned.content.read().decode()) == ("text/plain; charset=utf-8", "втрачено")


def test_a_binary_log_is_bytes_for_every_browser() -> None:
    assert clean(b"ULog\x01\x12\x35", "flight.ulg").media_type == "application/octet-stream"
    assert clean(b"<html><script>", "page.bin").media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\photos\\a b.jpg", "a b.jpg"),
        ('a"\r\nX: y.txt', "a___X_ y.txt"),
        ("журнал.log", "журнал.log"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("x" * 300 + ".txt", "x" * 80 + ".txt"),
    ],
)
def test_names_become_harmless(given: str, kept: str) -> None:
    assert uploads.safe_name(given) == kept
