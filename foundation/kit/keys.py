"""The keys by which people name things: `FB-12` in pages, messages and addresses, in any letter case."""

import re
from typing import Any, Final

from django.urls.converters import register_converter

# Eighteen digits: always within PostgreSQL's bigint.
_NUMBER: Final = "[0-9]{1,18}"


class Keys:
    """The keys with one prefix: `<prefix>-<primary key>`, never reused and resolved for ever."""

    def __init__(self, prefix: str) -> None:
        self.prefix: Final = prefix
        # Letter by letter: Django's routes take no flags.
        self.pattern: Final = "".join(f"[{letter}{letter.lower()}]" for letter in prefix) + f"-{_NUMBER}"
        self._whole: Final = re.compile(rf"\s*(?:{self.pattern})\s*", re.ASCII)

    def key_of(self, pk: int) -> str:
        """Give the key of the thing with this primary key."""
        return f"{self.prefix}-{pk}"

    def pk_of(self, text: str) -> int | None:
        """Give the primary key that a written key means, or None where it is none: " fb-12 " → 12."""
        return int(text.strip()[len(self.prefix) + 1 :]) if self._whole.fullmatch(text) else None

    def register(self, name: str) -> None:
        """Let addresses have `<name:pk>`: it matches a key in any letter case and gives the primary key."""
        register_converter(
            type(f"{self.prefix}Converter", (_KeyConverter,), {"regex": self.pattern, "keys": self}), name
        )


class _KeyConverter:
    regex: str
    keys: Keys

    def to_python(self, value: str) -> int:
        return int(value[len(self.keys.prefix) + 1 :])

    def to_url(self, value: Any) -> str:
        return self.keys.key_of(value) if isinstance(value, int) else str(value)
