"""The keys of tasks: `ENG-34` in pages, messages and addresses, in any letter case, resolved forever."""

from __future__ import annotations

import re
from typing import Final

from django.urls.converters import register_converter

PREFIX: Final = "ENG"
# Eighteen digits: always within PostgreSQL's bigint.
PATTERN: Final = r"[Ee][Nn][Gg]-[0-9]{1,18}"
_KEY: Final = re.compile(rf"\s*(?:{PATTERN})\s*", re.ASCII)


def key_of(pk: int) -> str:
    """Give the key of the task with this primary key."""
    return f"{PREFIX}-{pk}"


def pk_of(text: str) -> int | None:
    """Give the primary key that a written key means, or None where it is none: " eng-12 " → 12."""
    return int(text.strip()[len(PREFIX) + 1 :]) if _KEY.fullmatch(text) else None


class TaskKeyConverter:
    """`<task_key:pk>` in an address: matches a key in any letter case and gives the primary key."""

    regex = PATTERN

    def to_python(self, value: str) -> int:
        return int(value[len(PREFIX) + 1 :])

    def to_url(self, value: int | str) -> str:
        return key_of(value) if isinstance(value, int) else value


register_converter(TaskKeyConverter, "task_key")
