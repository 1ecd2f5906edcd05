"""Taking an imported history for a change: who brings it in, compares with it or forgets it waits for the others."""

from __future__ import annotations

from foundation.kit.transactions import lock


def lock_history(source: str) -> None:
    """Hold the history of this name until the transaction ends."""
    lock(f"cycles.history {source}")
