"""The verbs of the journal's operators."""

from foundation.journal.actions.dismiss_parked import dismiss_parked
from foundation.journal.actions.retry_halted import retry_halted
from foundation.journal.actions.retry_parked import retry_parked

__all__ = ["dismiss_parked", "retry_halted", "retry_parked"]
