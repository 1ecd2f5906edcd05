"""Who may do what with rollouts, receipts and adoption."""

from __future__ import annotations

from releases.rollouts.models import Rollout
from tests.cast import Cast
from tests.house.rights import EVERYONE, Role, Row
from tests.rollouts.world import make_world

STAFF = frozenset({Role.TRIAGER, Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
KEEPERS = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
STOPPERS = KEEPERS | {Role.ENGINEER}
ANSWERERS = KEEPERS | {Role.REPORTER}
OUTSIDE = frozenset({Role.REPORTER, Role.PARTNER})
PARTNER = frozenset({Role.PARTNER})


def _rollout(cast: Cast) -> Rollout:
    return make_world(cast).start()


def rollout(cast: Cast) -> dict[str, object]:
    return {"pk": _rollout(cast).pk}


def why(cast: Cast) -> dict[str, object]:
    return {"reason": "A report comes in."}


def failed(cast: Cast) -> dict[str, object]:
    return {"team": "north", "answer": "failed", "note": "It hangs."}


def new_rollout(cast: Cast) -> dict[str, object]:
    return {"component": "autopilot", "release": "2.0", "channel": "fleet", "groups": [{"teams": ["north"]}]}


ROWS = [
    Row("rollout-list", may=EVERYONE),
    Row("rollout-list", "POST", may=KEEPERS, data=new_rollout),
    Row("rollout-detail", kwargs=rollout, may=STAFF, hidden_from=OUTSIDE),
    Row("rollout-pause", "POST", kwargs=rollout, may=STOPPERS, hidden_from=OUTSIDE, data=why),
    Row("rollout-resume", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE),
    Row("rollout-advance", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE, data=why),
    Row("rollout-abort", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE, data=why),
    Row("rollout-answer", "POST", kwargs=rollout, may=ANSWERERS, hidden_from=PARTNER, data=failed),
]
