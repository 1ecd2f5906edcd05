"""Which room may use which, read from the very contracts that import-linter proves (pyproject.toml)."""

import re
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
CONTRACTS: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
FLOORS: Final[list[str]] = next(contract for contract in CONTRACTS if "containers" not in contract)["layers"]
INSIDE: Final[dict[str, list[str]]] = {
    contract["containers"][0]: contract["layers"] for contract in CONTRACTS if "containers" in contract
}
# Floors whose first room is the floor itself; the rooms inside stand on it.
WITH_CORE: Final = {"releases"}


def room_of(module: str) -> str | None:
    """Give the room a module belongs to ("rnd.loop", "releases"), or None for a library's module."""
    floor, _, rest = module.partition(".")
    if floor not in FLOORS:
        return None
    child = rest.partition(".")[0]
    # A floor may have a core of its own beside its rooms: what no layer names is that.
    return (
        f"{floor}.{child}"
        if floor in INSIDE and child and (floor not in WITH_CORE or _is_room(floor, child))
        else floor
    )


def may_use(user: str, used: str) -> bool:
    """Tell whether the room `user` may know the room `used`."""
    floor, used_floor = user.partition(".")[0], used.partition(".")[0]
    if floor != used_floor:
        return FLOORS.index(floor) < FLOORS.index(used_floor)
    if user == used or floor not in INSIDE:
        return True
    if floor in {user, used}:
        return used == floor
    layer, used_layer = _layer(floor, user), _layer(floor, used)
    if layer == used_layer:
        return ":" in INSIDE[floor][layer]
    return layer < used_layer


def _is_room(floor: str, child: str) -> bool:
    return any(child in re.findall(r"\w+", layer) for layer in INSIDE[floor])


def _layer(floor: str, room: str) -> int:
    child = room.partition(".")[2]
    for number, layer in enumerate(INSIDE[floor]):
        if child in re.findall(r"\w+", layer):
            return number
    raise LookupError(f"No layer of {floor} in pyproject.toml names {child}.")
