"""Plans how the stored classes become the classes of now, with as few changed commits as possible. Pure.

Histories only grow behind new releases: when all commits of a class come to be in one more release, the class
keeps its id and gains that release; only where a class splits do some of its commits change.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

_Id = TypeVar("_Id", str, bytes)


@dataclass(slots=True)
class Plan:
    """`keeps`: stored class id → its bitset of releases from now on. `new`: bitsets that need a class of their own."""

    keeps: dict[int, int] = field(default_factory=dict)
    new: list[int] = field(default_factory=list)


def plan_classes(
    class_of: Mapping[_Id, int | None], bits_of: Mapping[_Id, int], staying: Mapping[int, int] | None = None
) -> Plan:
    """Give the plan for commits stored with `class_of` that should now have `bits_of` (0 or absent: no release).

    `staying` are classes (with their bitsets) that have commits beside these, which keep both.
    """
    crowds: Counter[tuple[int, int]] = Counter()
    for sha, stored in class_of.items():
        bits = bits_of.get(sha, 0)
        if stored is not None and bits:
            crowds[stored, bits] += 1
    plan = Plan(keeps=dict(staying or {}))
    taken = set(plan.keeps.values())
    # The largest crowd stays where it is; ties fall to the lower numbers, so that the plan is the same each time.
    for (stored, bits), _size in sorted(crowds.items(), key=lambda item: (-item[1], item[0])):
        if stored not in plan.keeps and bits not in taken:
            plan.keeps[stored] = bits
            taken.add(bits)
    plan.new = sorted({bits for bits in bits_of.values() if bits} - taken)
    return plan


def changed(
    class_of: Mapping[_Id, int | None], bits_of: Mapping[_Id, int], id_of: Mapping[int, int]
) -> dict[_Id, int | None]:
    """Give the commits whose stored class is not the one that `id_of` names for their bitset, with the right one."""
    result: dict[_Id, int | None] = {}
    for sha, stored in class_of.items():
        bits = bits_of.get(sha, 0)
        right = id_of[bits] if bits else None
        if right != stored:
            result[sha] = right
    return result
