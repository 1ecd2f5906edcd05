"""The headers of tus 1.0 (tus.io), the protocol by which an upload is carried on where it stopped. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from releases.artifacts.faults import Fault

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,termination"
MEDIA_TYPE: Final = "application/offset+octet-stream"
_NUMBER: Final = re.compile(r"\d{1,18}")
_KEY: Final = re.compile(r"[!-+\--~]+")  # ASCII without space and comma


def number(name: str, value: str | None) -> int:
    """Give the number in a header such as Upload-Offset. Raises Fault `tus.header`."""
    if value is None or _NUMBER.fullmatch(value) is None:
        raise Fault("tus.header", header=name, value=(value or "–")[:60])
    return int(value)


def metadata(header: str) -> dict[str, str]:
    """Give the values of Upload-Metadata: `key base64,key base64`. Raises Fault `tus.header`."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            text = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            raise Fault("tus.header", header="Upload-Metadata", value=pair[:60]) from None
        if _KEY.fullmatch(key) is None or key in found or "\x00" in text:
            raise Fault("tus.header", header="Upload-Metadata", value=pair[:60])
        found[key] = text
    return found
