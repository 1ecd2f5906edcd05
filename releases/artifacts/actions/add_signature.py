"""Take in a signature that the holder of a key made offline."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.artifacts import minisign
from releases.artifacts.faults import Fault
from releases.artifacts.kinds import SignatureAdded
from releases.artifacts.models import Manifest, Signature, SigningKey
from releases.artifacts.sentences import refusal_of
from releases.locking import locked_release
from releases.models import Release


@transaction.atomic
def add_signature(*, actor: Actor, release: Release, text: str) -> Signature:
    """Check the `.minisig` over the release's SHA256SUMS and keep it; the same one again gives what is there.

    Raises Invalid `signature.…` for what does not fit, Conflict `manifest.not_sealed` or `signature.key_…` for a key
    that does not count.
    """
    release = locked_release(release)
    actor.require("signature.add", programme_id=release.component.programme_id)
    manifest = Manifest.objects.filter(release=release, superseded_at=None).first()
    if manifest is None:
        raise Conflict(
            "manifest.not_sealed",
            _("The manifest of %(release)s is not sealed: there is no SHA256SUMS to sign yet.") % {"release": release},
        )
    try:
        signature = minisign.read_signature(text)
        key = _key(release, signature)
        minisign.verify(minisign.read_public_key(key.public_key), signature, bytes(manifest.sums))
    except Fault as fault:
        raise refusal_of(fault, field="text") from fault
    there = Signature.objects.filter(manifest=manifest, key=key).first()
    if there is not None:
        return there
    found = Signature.objects.create(
        manifest=manifest,
        key=key,
        text=text.replace("\r\n", "\n").rstrip("\n") + "\n",
        trusted_comment=signature.trusted_comment,
        added_by_id=actor.user_id,
        added_at=clock.now(),
    )
    payload = SignatureAdded(
        signature_id=found.pk,
        key_id=key.key_id,
        holder=key.holder.display_name,
        trusted_comment=signature.trusted_comment,
    )
    record(payload, subject=release, actor=actor)
    return found


def _key(release: Release, signature: minisign.Signature) -> SigningKey:
    name = signature.key_name
    key = _best(release, name)
    if key is None:
        raise Invalid(
            "signature.key_unknown",
            _("No key %(key)s is registered for %(component)s. Register it on the page of signing keys.")
            % {"key": name, "component": release.component},
            field="text",
        )
    if why := key.why_not(clock.now()):
        raise Conflict("signature.key_not_counting", why, field="text")
    return key


def _best(release: Release, name: str) -> SigningKey | None:
    """Give the key of that id which counts, or else any of that id."""
    now = clock.now()
    found = SigningKey.objects.select_related("holder").filter(component=release.component_id, key_id=name)
    return min(found, key=lambda key: bool(key.why_not(now)), default=None)
