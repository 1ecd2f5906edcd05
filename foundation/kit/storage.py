"""Reads `STORAGE_URL`: the folder or the object store in which files lie. Pure; the settings import it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

FOLDER = "django.core.files.storage.FileSystemStorage"
OBJECTS = "foundation.kit.objects.ObjectStorage"


def storage_of(url: str) -> dict[str, Any]:
    """Give the entry of Django's STORAGES.

    "" is the folder MEDIA_ROOT, `/path` or `file:///path` another folder, and
    `s3://key:secret@host[:port]/bucket[/prefix]?region=eu-north-1&tls=off` an object store; without a key, what the
    machine itself is given (a role) counts. Raises ValueError for anything else.
    """
    if not url:
        return {"BACKEND": FOLDER}
    parts = urlsplit(url)
    if parts.scheme in ("", "file") and not parts.netloc and parts.path.startswith("/"):
        return {"BACKEND": FOLDER, "OPTIONS": {"location": unquote(parts.path)}}
    bucket, _slash, prefix = unquote(parts.path).strip("/").partition("/")
    if parts.scheme != "s3" or not parts.hostname or not bucket:
        raise ValueError(
            "STORAGE_URL is /folder, file:///folder or s3://key:secret@host/bucket/prefix?region=…; "
            f"what was given begins with {parts.scheme or '(nothing)'}:"
        )
    asked = parse_qs(parts.query)
    scheme = "http" if asked.get("tls") == ["off"] else "https"
    port = f":{parts.port}" if parts.port else ""
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{parts.hostname}{port}",
        "location": prefix,
        "region_name": asked.get("region", [None])[0],
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
    }
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    return {"BACKEND": OBJECTS, "OPTIONS": options}
