"""Say which teams have a bundle that came on a stick."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from releases.bundles.kinds import BundleLetOut
from releases.bundles.models import ImportedBundle
from releases.bundles.serving import counting
from releases.bundles.trust import Vouched, check_channel


@transaction.atomic
def let_out_bundle(*, actor: Actor, bundle: ImportedBundle, channel: str) -> ImportedBundle:
    """Give it out to whoever receives `channel`; empty: to nobody any more. Raises Invalid `bundle.channel`."""
    bundle = ImportedBundle.objects.select_for_update(of=("self",)).select_related("component").get(pk=bundle.pk)
    actor.require("bundle.import", programme_id=bundle.component.programme_id)
    check_channel(channel, [Vouched(one.key, one.text) for one in counting(bundle)])
    if bundle.channel == channel:
        return bundle
    bundle.channel = channel
    bundle.save(update_fields=["channel"])
    record(BundleLetOut(channel=channel), subject=bundle, actor=actor)
    return bundle
