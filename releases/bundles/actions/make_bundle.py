"""Let a release be taken away as one file."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.journal import record
from releases.bundles.kinds import BundleMade
from releases.bundles.making import bundle_of
from releases.bundles.plan import Bundle
from releases.bundles.serving import check_blob
from releases.models import Release


def make_bundle(*, actor: Actor, release: Release, team: Team | None = None) -> Bundle:
    """Give the bundle for `team`, and journal that it was taken. Its bytes are read only as they are sent.

    Raises Forbidden, Conflict `release.withdrawn`, `bundle.not_published`, `bundle.nothing_signed`, `artifact.…`.
    """
    bundle = bundle_of(actor, release, team)
    check_first(bundle)
    with transaction.atomic():
        payload = BundleMade(
            team_id=team.pk if team else None, team=team.name if team else "", size=bundle.size, etag=bundle.etag
        )
        record(payload, subject=release, actor=actor, team_id=team.pk if team else None)
    return bundle


def check_first(bundle: Bundle) -> None:
    """Read the firmware through before the first byte is sent, where that does not take long. Raises Conflict."""
    for item in bundle.items:
        if not isinstance(item.source, bytes):
            check_blob(item.path, item.source)
