"""The keys of tickets: `FB-12`."""

from typing import Final

from foundation.kit.keys import Keys

_KEYS: Final = Keys("FB")
PREFIX: Final = _KEYS.prefix
PATTERN: Final = _KEYS.pattern
key_of = _KEYS.key_of
pk_of = _KEYS.pk_of
_KEYS.register("ticket_key")
