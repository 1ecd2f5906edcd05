"""The cycle clock, in plain code: what happens to one ticket and its tasks, as segments of time. The definition.

It knows neither tables nor the journal. `facts/` says the same of millions of tickets, and tests prove that it does.
"""

from rnd.cycles.clock.winding import DEFINITION, wind

__all__ = ["DEFINITION", "wind"]
