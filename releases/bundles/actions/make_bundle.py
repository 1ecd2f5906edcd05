"""Let a release be taken away as one file."""

from django.conf import settings
from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.journal import record
from releases.artifacts.actions.mark_tampered import mark_tampered
from releases.artifacts.blocks import count_of
from releases.artifacts.checking import Tampered, checked_blocks
from releases.artifacts.serving import refusal
from releases.bundles.kinds import BundleMade
from releases.bundles.making import bundle_of
from releases.bundles.plan import Bundle
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
    if bundle.size > settings.ARTIFACT_CHECK_FIRST_BYTES:
        return
    for item in bundle.items:
        if isinstance(item.source, bytes):
            continue
        try:
            for _block in checked_blocks(item.source, 0, count_of(item.source.size)):
                pass
        except Tampered as error:
            mark_tampered(blob=item.source, why=str(error))
            raise refusal(item.path, str(error)) from error
