"""Whom an entry concerns so much that they are told in person."""

from collections.abc import Callable
from typing import Final

from foundation.accounts.models import Membership
from foundation.accounts.roles import Role
from foundation.journal.models import Entry
from releases.models import Installation
from rnd.notices.models import Webhook


def teams_that_installed(entry: Entry) -> set[int]:
    """Give the reporters of every team that has said it runs this release."""
    teams = Installation.objects.filter(release=entry.subject_id).values("team")
    found = Membership.objects.filter(team__in=teams, role=Role.REPORTER, user__is_active=True)
    return set(found.values_list("user", flat=True))


def who_added_it(entry: Entry) -> set[int]:
    """Give the person who added the webhook."""
    keepers = Webhook.objects.filter(pk=entry.subject_id, added_by__isnull=False)
    return set(keepers.values_list("added_by", flat=True))


def who_is_named(entry: Entry) -> set[int]:
    """Give those whom the entry names to be told, but for whoever did it."""
    doer = entry.actor_id if entry.actor_kind == "user" else None
    return set(entry.data["tell"]) - {doer}


AUDIENCES: Final[dict[str, Callable[[Entry], set[int]]]] = {
    "release.withdrawn": teams_that_installed,
    "rollout.paused": who_is_named,
    "ticket.breach_foreseen": who_is_named,
    "webhook.disabled": who_added_it,
}
