"""How rooms above let a published release out by and by: who is not offered it yet, and since when who is.

A room names a module in `RECEIVING_HOLDS`, with the two functions of `Hold`. A channel of a release that no room
holds back reaches everybody who receives it from its publication on.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db.models import Q


class Hold(Protocol):
    """What a module in `RECEIVING_HOLDS` answers. It only reads."""

    def held_back(self, *, team: Any, release: Any, channel: str) -> Q:
        """Give the condition under which the team is not offered the release on the channel.

        `team` and `release` are ids, or references of an outer query (`OuterRef`).
        """

    def admitted_at(self, *, team_id: int, release_ids: Collection[int]) -> dict[tuple[int, str], datetime | None]:
        """Give, by (release, channel) that is or was held back, since when the team is let in; None: not yet."""


def _holds() -> list[Hold]:
    return [cast(Hold, import_module(name)) for name in settings.RECEIVING_HOLDS]


def held_back(*, team: Any, release: Any, channel: str) -> Q:
    """Give the condition under which some room holds the release back from the team."""
    condition = Q()
    for hold in _holds():
        condition |= hold.held_back(team=team, release=release, channel=channel)
    return condition


def admitted_at(team_id: int, release_ids: Collection[int]) -> dict[tuple[int, str], datetime | None]:
    """Give, by (release, channel) that is or was held back, since when every room lets the team in; None: not yet."""
    result: dict[tuple[int, str], datetime | None] = {}
    for hold in _holds():
        for key, at in hold.admitted_at(team_id=team_id, release_ids=release_ids).items():
            before = result.get(key, at)
            result[key] = None if at is None or before is None else max(at, before)
    return result
