"""When: the append-only record of every change, and its consumers.

`from foundation.journal import record` is the one way to write; `kinds.py` of each room says what.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foundation.journal.recording import record

__all__ = ["record"]


def __getattr__(name: str) -> Any:
    # Django imports this package before its models can be: record is looked up when someone asks for it.
    if name == "record":
        from foundation.journal.recording import record

        return record
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
