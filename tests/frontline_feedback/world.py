"""Short ways to what the tests of this room begin with: a ticket, and a release that was offered and installed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision
from foundation.journal.models import Entry
from foundation.kit import clock
from frontline_feedback import actions
from frontline_feedback.models import Ticket
from releases.models import Commit, Fetch, Installation, Release, Repository
from tests.cast import Cast

SEEN = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def report(cast: Cast, who: str = "olena", **changes: Any) -> Ticket:
    """Report a fault as `who`, a reporter of North unless said otherwise."""
    values: dict[str, Any] = {
        "team": cast.east if who == "stepan" else cast.north,
        "platform": cast.platform,
        "component": cast.autopilot,
        "title": "Loses position after take-off",
        "severity": "S2",
        "seen_at": SEEN,
    }
    return actions.report_ticket(actor=cast.actor(who), **(values | changes))


def accepted(cast: Cast, **changes: Any) -> Ticket:
    """Report and accept."""
    return actions.accept_ticket(actor=cast.actor("ingrid"), ticket=report(cast, **changes))


def release(component: Component, version: str, *, sequence: int = 0) -> Release:
    """Put a release on the shelf. How a tag becomes one is told by the tests of the room below."""
    now = clock.now()
    repository, _ = Repository.objects.get_or_create(
        slug=component.slug,
        defaults={"component": component, "name": component.name, "url": "x", "added_at": now, "next_fetch_at": now},
    )
    fetch = Fetch.objects.create(repository=repository, at=now)
    commit = Commit.objects.create(
        repository=repository, fetch=fetch, sha=uuid4().hex + "00000000", author="a", authored_at=now,
        committed_at=now, subject="s",
    )  # fmt: skip
    return Release.objects.create(
        component=component, repository=repository, version=version, tag=f"v{version}", tag_object=commit.sha,
        commit=commit, sequence=sequence or Release.objects.count() + 1, state=Release.State.PUBLISHED,
        drafted_at=now,
    )  # fmt: skip


def offered(ticket: Ticket, shipped: Release) -> None:
    """Offer the release as the ticket's fix."""
    actions.offer_fix(actor=SYSTEM, ticket=ticket, release=shipped, channel="fleet", offered_at=clock.now())


def installed(shipped: Release, team: Team, hardware: HardwareRevision) -> Installation:
    """Put the release on the team's hardware, as the room below records it."""
    now = clock.now()
    return Installation.objects.create(release=shipped, team=team, hardware=hardware, installed_at=now, reported_at=now)


def offered_and_installed(cast: Cast, ticket: Ticket, version: str = "2.3.0") -> Release:
    """Ship a fix, offer it and let the ticket's team install it on revision A."""
    shipped = release(ticket.component, version)
    offered(ticket, shipped)
    installation = installed(shipped, ticket.team, cast.rev_a)
    actions.mark_installed(actor=SYSTEM, ticket=ticket, installation=installation)
    return shipped


def entries(ticket: Ticket) -> list[Entry]:
    """Give what the journal says of the ticket, in order."""
    return list(Entry.objects.filter(subject_type="ticket", subject_id=ticket.pk).order_by("id"))


def kinds(ticket: Ticket) -> list[str]:
    """Give the kinds of what the journal says of the ticket, in order."""
    return [entry.kind for entry in entries(ticket)]
