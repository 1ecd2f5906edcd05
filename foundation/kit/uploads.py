"""What people send as files: known by its content and not by its name, and photos without what the camera wrote in."""

import io
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final

import puremagic
from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from foundation.kit.errors import Invalid

PHOTO_LIMIT: Final = 20 * 1024 * 1024
TEXT_LIMIT: Final = 50 * 1024 * 1024
# Beyond this a small file unpacks to gigabytes; the largest phone cameras stay below.
PIXEL_LIMIT: Final = 120_000_000
LONGEST_SIDE: Final = 4096

_PHOTOS: Final = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}
_PHOTO_SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".webp"})
# Archives and flight logs that are kept as they came; served only as attachments.
_BINARY_SUFFIXES: Final = frozenset({".zip", ".gz", ".ulg", ".bin", ".tlog", ".bbl", ".pdf", ".7z"})
_TEXT_SUFFIXES: Final = frozenset({".txt", ".log", ".csv", ".json", ".md"})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file fit to be stored: its safe name, media type by content, and bytes."""

    name: str
    media_type: str
    content: "ContentFile[bytes]"


def clean(upload: IO[bytes], name: str) -> Cleaned:
    """Give the upload as it may be stored; raises Invalid saying what is wrong and what would be taken."""
    safe = safe_name(name)
    suffix = PurePosixPath(safe).suffix.lower()
    if suffix in _PHOTO_SUFFIXES:
        return clean_photo(upload, safe)
    data = _read(upload, safe, TEXT_LIMIT)
    if suffix in _TEXT_SUFFIXES:
        return _clean_text(data, safe)
    if suffix in _BINARY_SUFFIXES:
        return Cleaned(safe, _type_by_content(data), ContentFile(data, safe))
    raise Invalid(
        "upload.type_refused",
        _("“%(name)s” is of a kind that is not taken. Send a photo (JPEG, PNG, WebP) or a file ending in %(others)s.")
        % {"name": safe, "others": ", ".join(sorted(_TEXT_SUFFIXES | _BINARY_SUFFIXES))},
        field="file",
    )


def clean_photo(upload: IO[bytes], name: str) -> Cleaned:
    """Give the photo encoded anew: upright, at most 4096 pixels a side, without position or any other metadata."""
    data = _read(upload, name, PHOTO_LIMIT)
    try:
        with Image.open(io.BytesIO(data), formats=list(_PHOTOS)) as opened:
            if opened.width * opened.height > PIXEL_LIMIT:
                raise Invalid(
                    "upload.too_many_pixels",
                    _("“%(name)s” has %(width)s × %(height)s pixels, which is more than can be handled.")
                    % {"name": name, "width": opened.width, "height": opened.height},
                    field="file",
                )
            kind = str(opened.format)
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            # A new image takes over the pixels and nothing else.
            mode = "RGB" if kind == "JPEG" or picture.mode not in ("RGBA", "LA", "PA", "P") else "RGBA"
            pixels = picture.convert(mode)
            bare = Image.new(mode, pixels.size)
            bare.paste(pixels)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Invalid(
            "upload.not_a_photo",
            _("“%(name)s” cannot be read as a photo. JPEG, PNG and WebP can.") % {"name": name},
            field="file",
        ) from error
    media_type, suffix = _PHOTOS[kind]
    target = io.BytesIO()
    bare.save(target, format=kind, **({"quality": 85, "optimize": True} if kind != "PNG" else {"optimize": True}))
    stored = str(PurePosixPath(name).with_suffix(suffix))
    return Cleaned(stored, media_type, ContentFile(target.getvalue(), stored))


def safe_name(name: str) -> str:
    """Give the last part of the name with nothing in it that a file system, a header or a shell minds."""
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w.()+ -]", "_", last).strip(" .")
    stem, suffix = PurePosixPath(kept).stem or "file", PurePosixPath(kept).suffix[:12]
    return f"{stem[:80]}{suffix}" if kept else "file"


def _read(upload: IO[bytes], name: str, limit: int) -> bytes:
    data = upload.read(limit + 1)
    if len(data) > limit:
        raise Invalid(
            "upload.too_large",
            _("“%(name)s” is larger than the %(limit)s that are taken.")
            % {"name": name, "limit": filesizeformat(limit)},
            field="file",
        )
    if not data:
        raise Invalid("upload.empty", _("“%(name)s” is empty.") % {"name": name}, field="file")
    return data


def _clean_text(data: bytes, name: str) -> Cleaned:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            "upload.not_text",
            _("“%(name)s” is no text in UTF-8 (byte %(at)s). Send it in a .zip as it is.")
            % {"name": name, "at": error.start},
            field="file",
        ) from error
    if "\x00" in text:
        raise Invalid("upload.not_text", _("“%(name)s” is binary and not text.") % {"name": name}, field="file")
    return Cleaned(name, "text/plain; charset=utf-8", ContentFile(text.encode(), name))


def _type_by_content(data: bytes) -> str:
    try:
        found = puremagic.from_string(data[:8192], mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    # Only types that no browser runs; anything else is bytes.
    return found if found in {"application/zip", "application/gzip", "application/pdf"} else "application/octet-stream"
