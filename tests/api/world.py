"""What schemathesis finds when it knocks: one thing of each kind, and their names for its dictionaries."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from foundation.kit import clock
from frontline_feedback.actions import accept_ticket, report_ticket
from rnd.cycles.actions import set_baseline, set_service_level
from rnd.engineering.actions import open_task
from tests.cast import Cast
from tests.releases import api_world


@dataclass
class World:
    """Values that exist, by the name of the parameter or field; `keys` by the part of the address before the key."""

    values: dict[str, list[str | int]]
    keys: dict[str, list[str | int]] = field(default_factory=dict)


def populated(cast: Cast) -> World:
    """Make a reported and an accepted ticket, a task for it, a release and a draft; give the names of all there is."""
    tickets = [
        report_ticket(
            actor=cast.actor("olena"),
            team=cast.north,
            title=title,
            platform=cast.platform,
            component=cast.radio,
            severity="S2",
            seen_at=clock.now(),
        )
        for title in ("Link drops", "Link drops when banking")
    ]
    accept_ticket(actor=cast.actor("ingrid"), ticket=tickets[1])
    task = open_task(actor=cast.actor("magnus"), component=cast.radio, title="Warm it up", ticket=tickets[1])
    release = api_world.published(cast)
    installation = api_world.installation(cast, release)
    ticket_keys: list[str | int] = [ticket.key for ticket in tickets]
    manager = cast.actor("solveig")
    level = set_service_level(actor=manager, programme=cast.programme, severity="S1", days=14)
    quarter = (date(2026, 1, 1), date(2026, 3, 31))
    baseline = set_baseline(actor=manager, programme=cast.programme, first=quarter[0], last=quarter[1])
    return World(
        values={
            "component": [cast.radio.slug, cast.autopilot.slug],
            "platform": [cast.platform.slug],
            "programme": [cast.programme.slug],
            "team": [cast.north.slug, cast.oslo.slug],
            "assignee": ["magnus"],
            "ticket": ticket_keys,
            "into": ticket_keys,
            "stage": ["design", "build"],
            "release": [release.version],
            "new_in": [release.pk],
            "sha": [release.commit.sha],
            "hardware": [cast.rev_a.name],
            "channel": ["lab", "fleet"],
        },
        keys={
            "feedback": ticket_keys,
            "tasks": [task.key],
            "fixes": ticket_keys,
            "cycles/loops": ticket_keys,
            "cycles/service-levels": [level.pk],
            "cycles/baselines": [baseline.pk],
            "repositories": [release.repository.slug],
            "commits": [release.commit_id],
            "releases": [release.pk, api_world.draft(cast, "2.0").pk],
            "installations": [installation.pk],
            "subscriptions": [api_world.subscription(cast).pk],
        },
    )


def config_of(world: World, *, examples: int, coverage: bool) -> dict[str, Any]:
    """Give schemathesis's configuration: how much to try, and what exists here."""
    dictionaries = {name: {"values": values} for name, values in world.values.items()}
    dictionaries |= {f"{part}-keys": {"values": [str(key) for key in keys]} for part, keys in world.keys.items()}
    bound = {f"body.{name}": {"dictionary": name, "probability": 0.8} for name in world.values}
    bound |= {f"query.{name}": {"dictionary": name, "probability": 0.5} for name in world.values}
    return {
        "generation": {
            "deterministic": True,
            "max-examples": examples,
            "no-shrink": True,
            "database": "none",
            "with-security-parameters": False,
            "allow-x00": False,
        },
        "phases": {"coverage": {"enabled": coverage, "unexpected-methods": ["DELETE"]}},
        "checks": {
            # 412: the ETag of something else; 422: well formed, but not possible (see docs/api.md).
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
            },
            "negative_data_rejection": {
                "expected-statuses": ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428"]
            },
        },
        "dictionaries": dictionaries,
        "parameters": bound,
        "operations": [
            {
                "include-path-regex": f"^/api/v1/{part}/",
                "parameters": {
                    f"path.{name}": {"dictionary": f"{part}-keys", "probability": 0.8}
                    for name in ("key", "ticket_key", "id", "slug")
                },
            }
            for part in world.keys
        ],
    }
