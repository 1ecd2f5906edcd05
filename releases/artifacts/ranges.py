"""Reads the `Range` header of a download (RFC 9110, one range of bytes). Pure."""

from __future__ import annotations

import re
from typing import Final

_ONE: Final = re.compile(r"bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*")


class Unsatisfiable(ValueError):
    """The range begins beyond the end of the file (416)."""


def range_of(header: str, size: int) -> tuple[int, int] | None:
    """Give (first, beyond the last) byte asked for; None where the whole file is to be sent.

    What is no range of bytes, and several ranges in one header, count as not asked: the whole file is a right answer
    to both. Raises Unsatisfiable.
    """
    match = _ONE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        last = int(match[2])
        if last == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - last), size
    first = int(match[1])
    beyond = size if match[2] == "" else min(size, int(match[2]) + 1)
    if match[2] and int(match[2]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, beyond
