"""A manager sets what a programme promises; what was promised before stays on record."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.journal.models import Entry
from foundation.kit.errors import Forbidden, Invalid
from rnd.cycles import levels
from rnd.cycles.actions import set_service_level
from rnd.cycles.models import ServiceLevel
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def promise(cast: Cast, **changes: Any) -> ServiceLevel:
    given = {"actor": cast.actor("solveig"), "programme": cast.programme, "severity": "S1", "days": 14, **changes}
    return set_service_level(**given)


def test_the_newest_holds_and_the_older_ones_are_kept(cast: Cast) -> None:
    promise(cast)
    promise(cast, days=10, percent=90)
    promise(cast, severity="S2", days=30)
    held = levels.service_levels(cast.programme.pk)
    assert {severity: (level.percent, level.days) for severity, level in held.items()} == {
        "S1": (90, 10),
        "S2": (85, 30),
    }
    assert [level.days for level in levels.level_history(cast.programme.pk, "S1")] == [10, 14]
    entry = Entry.objects.filter(kind="programme.service_level_set").latest("id")
    assert entry.data == {"severity": "S2", "percent": 85, "days": 30}
    assert entry.actor_name == "Solveig Moe"


def test_a_promise_can_be_taken_back(cast: Cast) -> None:
    promise(cast)
    promise(cast, days=None)
    assert levels.service_levels(cast.programme.pk) == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"severity": "S9"}, "service_level.severity"),
        ({"percent": 100}, "service_level.percent"),
        ({"days": 0}, "service_level.days"),
    ],
)
def test_what_cannot_be_promised_is_refused(cast: Cast, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        promise(cast, **changes)
    assert refused.value.code == code
    assert not ServiceLevel.objects.exists()


@pytest.mark.parametrize("name", ["olena", "ingrid", "magnus", "kari", "arne"])
def test_only_a_manager_promises(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        promise(cast, actor=cast.actor(name))
