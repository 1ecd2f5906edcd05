"""Who may do what with rollouts, installations and adoption."""

from __future__ import annotations

from foundation.accounts.actors import SYSTEM
from releases.actions.withdraw_release import withdraw_release
from releases.rollouts.actions.pause_rollout import pause_rollout
from releases.rollouts.actions.warn_teams import warn_teams
from releases.rollouts.models import Rollout, Telling
from tests.cast import Cast
from tests.house.rights import EVERYONE, Role, Row
from tests.releases import api_world
from tests.rollouts.world import make_world

STAFF = frozenset({Role.TRIAGER, Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
SEERS = STAFF | {Role.REPORTER}
KEEPERS = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
STOPPERS = KEEPERS | {Role.ENGINEER}
REPORTERS = frozenset({Role.REPORTER, Role.RELEASE_MANAGER})
ANSWERERS = KEEPERS | {Role.REPORTER}
OUTSIDE = frozenset({Role.REPORTER, Role.PARTNER})
PARTNER = frozenset({Role.PARTNER})


def _rollout(cast: Cast) -> Rollout:
    return make_world(cast).start()


def rollout(cast: Cast) -> dict[str, object]:
    return {"pk": _rollout(cast).pk}


def address(cast: Cast) -> dict[str, object]:
    return {"component": cast.autopilot.slug, "version": api_world.published(cast).version}


def own_telling(cast: Cast) -> dict[str, object]:
    found = _rollout(cast)
    pause_rollout(actor=SYSTEM, rollout=found, reason="A report comes in.")
    telling = Telling.objects.first()
    assert telling is not None
    return {"pk": telling.pk + 1000}  # nobody's: what one is told belongs to one person, not to a role


def warning(cast: Cast) -> dict[str, object]:
    release = api_world.installation(cast).release
    withdraw_release(actor=SYSTEM, release=release, reason="Drifts.")
    return {"pk": warn_teams(actor=SYSTEM, release=release)[0].pk}


def failed_form(cast: Cast) -> dict[str, object]:
    return {"team": cast.north.pk, "answer": "failed", "note": "It hangs."}


def lines(cast: Cast) -> dict[str, object]:
    return {"lines": "component,version,team,hardware,installed_at\nautopilot,1.0,north,A,2026-11-20 12:00\n"}


def batch(cast: Cast) -> dict[str, object]:
    one = {"component": "autopilot", "version": "1.0", "team": "north", "hardware": "A"}
    return {"installations": [{**one, "installed_at": "2026-11-20T12:00:00Z"}]}


def why(cast: Cast) -> dict[str, object]:
    return {"reason": "A report comes in."}


def failed(cast: Cast) -> dict[str, object]:
    return {"team": "north", "answer": "failed", "note": "It hangs."}


def new_rollout(cast: Cast) -> dict[str, object]:
    return {"component": "autopilot", "release": "2.0", "channel": "fleet", "groups": [{"teams": ["north"]}]}


ROWS = [
    Row("rollouts:adoption", may=STAFF, foreign=0),
    Row("adoption-detail", kwargs=lambda cast: {"slug": cast.autopilot.slug}, may=STAFF),
    Row("rollouts:upload", may=REPORTERS, foreign=0),
    Row("rollouts:upload", "POST", may=REPORTERS, foreign=0, data=lines),
    Row("installation-batch-list", "POST", may=REPORTERS, foreign=0, data=batch),
    Row("rollouts:rollout_list", may=STAFF, foreign=0),
    Row("rollouts:timeline", may=STAFF, foreign=0),
    Row("rollouts:start", may=KEEPERS, foreign=0),
    Row("rollouts:start", "POST", may=KEEPERS, foreign=0),
    Row("rollouts:rollout", kwargs=rollout, may=STAFF, hidden_from=OUTSIDE),
    Row("rollouts:pause", "POST", kwargs=rollout, may=STOPPERS, hidden_from=OUTSIDE, data=why),
    Row("rollouts:resume", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE),
    Row("rollouts:advance", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE, data=why),
    Row("rollouts:abort", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE, data=why),
    Row("rollouts:answer", "POST", kwargs=rollout, may=ANSWERERS, hidden_from=PARTNER, data=failed_form),
    Row("rollouts:read", "POST", kwargs=own_telling, may=(), others=404),
    Row("rollouts:warning_seen", "POST", kwargs=warning, may={Role.REPORTER, Role.RELEASE_MANAGER}, others=404),
    Row("rollouts:release_rollouts", kwargs=address, may=SEERS, hidden_from=PARTNER),
    Row("rollout-list", may=EVERYONE),
    Row("rollout-list", "POST", may=KEEPERS, data=new_rollout),
    Row("rollout-detail", kwargs=rollout, may=STAFF, hidden_from=OUTSIDE),
    Row("rollout-pause", "POST", kwargs=rollout, may=STOPPERS, hidden_from=OUTSIDE, data=why),
    Row("rollout-resume", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE),
    Row("rollout-advance", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE, data=why),
    Row("rollout-abort", "POST", kwargs=rollout, may=KEEPERS, hidden_from=OUTSIDE, data=why),
    Row("rollout-answer", "POST", kwargs=rollout, may=ANSWERERS, hidden_from=PARTNER, data=failed),
]
