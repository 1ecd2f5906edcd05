"""The mapping file: which of another tracker's states is which of our stages, as TOML that a person writes."""

from __future__ import annotations

import tomllib
from typing import Any

from rnd.cycles.clock.stages import Stage
from rnd.cycles.history.cases import StageMap, Unreadable, shown, zone_named
from rnd.cycles.history.tables import COLUMNS

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
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The mapping is not TOML: {error}.") from error
    if strange := sorted(told.keys() - KNOWN):
        raise Unreadable(f"The mapping holds {strange[0]!r}. It may hold: {', '.join(sorted(KNOWN))}.")
    stages = {}
    for state, name in _table(told, "states").items():
        if not isinstance(name, str) or name not in {stage.value for stage in Stage}:
            raise Unreadable(
                f"The mapping puts {state!r} into {shown(name)}, which is no stage. There are: {', '.join(Stage)}."
            )
        stages[state] = Stage(name)
    finished = told.get("finished", [])
    if not isinstance(finished, list) or not all(isinstance(state, str) for state in finished):
        raise Unreadable(f"In the mapping, finished is {shown(finished)}, but it is a list of states.")
    zone = told.get("zone", "")
    if not isinstance(zone, str):
        raise Unreadable(f'In the mapping, zone is {shown(zone)}, but it is a name as "Europe/Oslo".')
    return StageMap(stages, frozenset(finished), zone_named(zone)), _columns(_table(told, "columns"))


def _table(told: dict[str, Any], name: str) -> dict[str, Any]:
    table = told.get(name, {})
    if not isinstance(table, dict):
        raise Unreadable(f"In the mapping, {name} is {shown(table)}, but it is a table: write it under [{name}].")
    return table


def _columns(table: dict[str, Any]) -> dict[str, str]:
    for name, column in table.items():
        if name not in COLUMNS:
            raise Unreadable(f"The mapping holds {name!r} under [columns]. It may hold: {', '.join(COLUMNS)}.")
        if not isinstance(column, str):
            raise Unreadable(f"In the mapping, the column {name} is {shown(column)}, but it is the name of a column.")
    return table
