"""Whether what came on a stick is to be believed: by the keys that are registered here, and by what came before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.catalogue.models import Component
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.artifacts import minisign
from releases.artifacts.faults import Fault
from releases.artifacts.models import SigningKey
from releases.artifacts.signed import SIGNERS_NEEDED
from releases.bundles.models import ImportedBundle
from releases.bundles.reading import Read
from releases.bundles.sentences import sentence_of
from releases.models import Channel, Commit, Installation, Release


@dataclass(frozen=True, slots=True)
class Vouched:
    """A signature that counts, and the key that it was made with."""

    key: SigningKey
    text: str


def vouched(component: Component, read: Read) -> list[Vouched]:
    """Give the signatures that count here, one for each key.

    Raises Invalid `bundle.signatures` where none does, or where one claims a key of this component and is wrong.
    """
    now = clock.now()
    keys = {key.key_id: key for key in SigningKey.objects.filter(component=component).select_related("holder")}
    found: dict[int, Vouched] = {}
    why: list[str] = []
    for signed in read.signatures:
        key = keys.get(signed.signature.key_name)
        if key is None:
            why.append(_("The key %(key)s is not registered here.") % {"key": signed.signature.key_name})
            continue
        try:
            minisign.verify(minisign.read_public_key(key.public_key), signed.signature, read.sums)
        except Fault as fault:
            raise Invalid("bundle.signatures", sentence_of(fault), field="file") from fault
        if reason := key.why_not(now):
            why.append(reason)
        else:
            found.setdefault(key.pk, Vouched(key, signed.text))
    if not found:
        raise Invalid(
            "bundle.signatures",
            _("No signature in the bundle counts here: %(why)s") % {"why": " ".join(dict.fromkeys(why))},
            field="file",
        )
    return list(found.values())


def channels_of(signatures: Sequence[Vouched]) -> list[Channel]:
    """Give the channels for which these signatures are enough."""
    return [
        channel
        for channel in Channel
        if len({one.key.holder_id for one in signatures if channel in one.key.channels}) >= SIGNERS_NEEDED[channel]
    ]


def check_channel(channel: str, signatures: Sequence[Vouched]) -> None:
    """Refuse to give it out further than it is signed for. Raises Invalid `bundle.channel`."""
    if not channel:
        return
    enough = channels_of(signatures)
    if channel not in enough:
        needed = SIGNERS_NEEDED.get(Channel(channel), 1) if channel in Channel.values else 1
        raise Invalid(
            "bundle.channel",
            ngettext(
                "“%(channel)s” needs a signature by %(needed)s holder of a key for it. It is signed for: %(enough)s.",
                "“%(channel)s” needs signatures by %(needed)s holders of keys for it. It is signed for: %(enough)s.",
                needed,
            )
            % {"channel": channel[:20], "needed": needed, "enough": ", ".join(enough) or _("nothing")},
            field="channel",
        )


def there_already(component: Component, read: Read) -> ImportedBundle | None:
    """Give the bundle if the very same came in before.

    Raises Conflict `bundle.other_content` (the version or the place in the sequence is taken by something else),
    `bundle.other_commit` (the version is another commit here), `bundle.rollback`.
    """
    manifest = read.manifest
    known = list(ImportedBundle.objects.filter(component=component).select_related("release"))
    for bundle in known:
        if bundle.version != manifest.version and bundle.sequence != manifest.sequence:
            continue
        if bytes(bundle.sums) == read.sums:
            return bundle
        raise Conflict(
            "bundle.other_content",
            _("%(bundle)s (number %(sequence)s) came in before with other files (SHA256SUMS %(sums)s…).")
            % {
                "bundle": bundle,
                "sequence": bundle.sequence,
                "sums": hashlib.sha256(bytes(bundle.sums)).hexdigest()[:12],
            },
            field="file",
        )
    _check_commit(component, read)
    newest = newest_sequence(component)
    if manifest.sequence < newest:
        raise Conflict(
            "bundle.rollback",
            _(
                "%(component)s %(version)s has the number %(sequence)s, and number %(newest)s came in or was installed "
                "before. An older release is not taken in: it could bring back what was mended."
            )
            % {
                "component": component,
                "version": manifest.version,
                "sequence": manifest.sequence,
                "newest": newest,
            },
            field="file",
        )
    return None


def newest_sequence(component: Component) -> int:
    """Give the highest number of what came in on a stick or was installed; 0 for nothing. Two queries."""
    imported = ImportedBundle.objects.filter(component=component).aggregate(newest=Max("sequence"))["newest"]
    installed = Installation.objects.filter(release__component=component).exclude(release__bundles__isnull=False)
    return max(imported or 0, installed.aggregate(newest=Max("release__sequence"))["newest"] or 0)


def _check_commit(component: Component, read: Read) -> None:
    here = Release.objects.filter(component=component, version=read.manifest.version).select_related("commit").first()
    if here is None:
        return
    # Where the same version was tagged in several repositories, either may be the one that came first.
    told = {read.manifest.commit, *(one.commit for one in read.manifest.companions)}
    known = {here.commit.sha, *here.companions.values_list("commit__sha", flat=True)}
    if here.commit.sha not in told or read.manifest.commit not in known:
        raise Conflict(
            "bundle.other_commit",
            _("%(release)s is the commit %(here)s here, and %(there)s in the bundle.")
            % {"release": here, "here": here.commit.sha[:10], "there": read.manifest.commit[:10]},
            field="file",
        )


def known_commit(component: Component, sha: str) -> Commit | None:
    """Give the commit, if a repository of the component that is mirrored here has it."""
    found = Commit.objects.filter(repository__component=component, sha=sha)
    return found.select_related("repository__component").order_by("pk").first()
