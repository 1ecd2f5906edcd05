"""The mapping file: which of another tracker's states is which of our stages, as TOML that a person writes."""

from __future__ import annotations

import tomllib
from typing import Any

from rnd.cycles.clock.stages import Stage
from rnd.cycles.history.cases import StageMap, Unreadable, zone_named

KNOWN = frozenset({"zone", "finished", "states", "columns"})


def load(text: str) -> tuple[StageMap, dict[str, str]]:
    """Give the mapping, and the names of a CSV's columns where it says them; raises Unreadable.

    zone = "Europe/Oslo"          # of moments without an offset
    finished = ["Closed"]         # states in which a case is over; none: its last event ends it
    [states]
    "In Progress" = "build"
    [columns]                     # of a CSV
    case = "Key"
    """
    try:
        told: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"The mapping is not TOML: {error}.") from error
    if strange := sorted(told.keys() - KNOWN):
        raise Unreadable(f"The mapping holds {strange[0]!r}. It may hold: {', '.join(sorted(KNOWN))}.")
    stages = {}
    for state, name in told.get("states", {}).items():
        if name not in {stage.value for stage in Stage}:
            raise Unreadable(
                f"The mapping puts {state!r} into {name!r}, which is no stage. There are: {', '.join(Stage)}."
            )
        stages[state] = Stage(name)
    finished = told.get("finished", [])
    if not isinstance(finished, list) or not all(isinstance(state, str) for state in finished):
        raise Unreadable("In the mapping, finished is a list of states.")
    columns = {name: str(column) for name, column in told.get("columns", {}).items()}
    return StageMap(stages, frozenset(finished), zone_named(str(told.get("zone", "")))), columns
